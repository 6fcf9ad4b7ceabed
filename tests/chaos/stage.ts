import { createHash } from 'node:crypto';
import type { Answer } from '../support/http/client.ts';
import { TREE, type Move } from './moves.ts';

/** Media that somebody was promised. */
export interface Promised {
  readonly gid: number;
  /** Its bytes, with nothing but zeros behind. */
  readonly content: Uint8Array;
  /** The sizes that it was promised to have, one after the other as far as anybody can tell. */
  readonly sizes: readonly number[];
}

/** What one move came to: the answer, or why there was none. */
export interface Outcome {
  readonly move: Move;
  readonly operation: string;
  readonly answer: Answer | null;
  readonly fault: unknown;
}

/** What is known while clients play, from nothing but the answers that they got. */
export class Stage {
  readonly outcomes: Outcome[] = [];
  readonly #gids: number[];
  readonly #parents = new Map<number, number>();
  readonly #removedGroups = new Set<number>();
  readonly #media = new Map<string, Promised>();
  readonly #removedMedia = new Set<string>();

  constructor() {
    this.#gids = TREE.map(() => 0);
  }

  /** The group that was last made in this place. */
  gid(location: number): number {
    return this.#gids[location]!;
  }

  groupMade(location: number, gid: number, parent: number): void {
    this.#gids[location] = gid;
    this.#parents.set(gid, parent);
  }

  groupRemoved(gid: number): void {
    this.#removedGroups.add(gid);
  }

  mediaMade(mid: string, gid: number, content: Uint8Array, size = content.length): void {
    this.#media.set(mid, { gid, content, sizes: [size] });
  }

  mediaResized(mid: string, size: number): void {
    const media = this.#media.get(mid)!;
    this.#media.set(mid, { ...media, sizes: [...media.sizes, size] });
  }

  mediaRemoved(mid: string): void {
    this.#removedMedia.add(mid);
  }

  /** One of the media that were ever made, or null without any. */
  mid(which: number): string | null {
    const all = [...this.#media.keys()];
    return all[which % all.length] ?? null;
  }

  /** What was promised of media, whether they are still there or not. */
  promised(mid: string): Promised | null {
    return this.#media.get(mid) ?? null;
  }

  /** Every group that must be there now, by the answers. */
  groups(): readonly number[] {
    return [...this.#parents.keys()].filter((gid) => this.#stands(gid));
  }

  /** Every piece of media that must be there now, by the answers, and none else may. */
  media(): ReadonlyMap<string, Promised> {
    return new Map([...this.#media].filter(([mid, { gid }]) => !this.#removedMedia.has(mid) && this.#stands(gid)));
  }

  #stands(gid: number): boolean {
    for (let level = gid; level !== 0; level = this.#parents.get(level) ?? 0) {
      if (this.#removedGroups.has(level)) return false;
    }
    return true;
  }
}

/** Bytes that nobody takes for an image of any format, and that tell one upload from another. */
export function bytesOf(size: number, token: string): Buffer {
  return Buffer.alloc(size, `${token}; `);
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
