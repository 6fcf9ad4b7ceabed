import { createHash } from 'node:crypto';
import type { Answer } from '../support/http/client.ts';
import { TREE, type Action } from './scenarios.ts';

/** An item that was created, by the answers. */
export interface ExpectedMedia {
  readonly gid: number;
  /** Its bytes without the zeros at the end. */
  readonly content: Uint8Array;
  /** The sizes of the answers, in the order in which they arrived. */
  readonly sizes: readonly number[];
}

/** The outcome of one action: the answer, or the error of a request without one. */
export interface Outcome {
  readonly action: Action;
  readonly operation: string;
  readonly answer: Answer | null;
  readonly fault: unknown;
}

/** What clients know of groups and items from their answers. */
export class ExpectedState {
  readonly outcomes: Outcome[] = [];
  readonly #gids: number[];
  readonly #parents = new Map<number, number>();
  readonly #removedGroups = new Set<number>();
  readonly #media = new Map<string, ExpectedMedia>();
  readonly #removedMedia = new Set<string>();

  constructor() {
    this.#gids = TREE.map(() => 0);
  }

  /** Returns the newest group at this index of `TREE`. */
  gid(index: number): number {
    return this.#gids[index]!;
  }

  groupCreated(index: number, gid: number, parent: number): void {
    this.#gids[index] = gid;
    this.#parents.set(gid, parent);
  }

  groupRemoved(gid: number): void {
    this.#removedGroups.add(gid);
  }

  mediaCreated(mid: string, gid: number, content: Uint8Array, size = content.length): void {
    this.#media.set(mid, { gid, content, sizes: [size] });
  }

  mediaResized(mid: string, size: number): void {
    const media = this.#media.get(mid)!;
    this.#media.set(mid, { ...media, sizes: [...media.sizes, size] });
  }

  mediaRemoved(mid: string): void {
    this.#removedMedia.add(mid);
  }

  /** Returns one of all items ever created, or null if there is none. */
  mid(which: number): string | null {
    const all = [...this.#media.keys()];
    return all[which % all.length] ?? null;
  }

  /** Returns the expectation of an item, also after its deletion. */
  promised(mid: string): ExpectedMedia | null {
    return this.#media.get(mid) ?? null;
  }

  /** Returns the groups that must exist now. */
  groups(): readonly number[] {
    return [...this.#parents.keys()].filter((gid) => this.#exists(gid));
  }

  /** Returns the items that must exist now; no other may. */
  media(): ReadonlyMap<string, ExpectedMedia> {
    return new Map([...this.#media].filter(([mid, { gid }]) => !this.#removedMedia.has(mid) && this.#exists(gid)));
  }

  #exists(gid: number): boolean {
    for (let level = gid; level !== 0; level = this.#parents.get(level) ?? 0) {
      if (this.#removedGroups.has(level)) return false;
    }
    return true;
  }
}

/** Returns bytes of no known image format that differ per `token`. */
export function bytesOf(size: number, token: string): Buffer {
  return Buffer.alloc(size, `${token}; `);
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
