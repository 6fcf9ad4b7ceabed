import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import { waitWithin } from '../leases/time-limit.ts';
import type { ChunkLeaseId } from '../ports/chunk-repository.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { LeaseTerms } from '../ports/media-repository.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** The right to write one chunk of an upload, until it is released or lost. */
export interface ChunkLease {
  readonly id: ChunkLeaseId;
  /**
   * Aborts when the holder has to stop writing: with `upload-locked` for another request,
   * `upload-gone` when the item was deleted, `unavailable` before the lease ends.
   */
  readonly signal: AbortSignal;
  /** Ends it in this process alone: the record of the chunk ended it in the database. */
  end(): void;
  /** Gives the lease up. Idempotent. Never fails: what cannot be released ends in time. */
  release(): Promise<void>;
}

/**
 * Tries to store a lease in the database. Resolves with null if another process holds one; with
 * `asks` it has asked that process to give it up.
 */
export type StoreLease<T> = (lease: ChunkLeaseId, terms: LeaseTerms, asks: boolean) => Promise<T | null>;

interface Held {
  readonly upload: UploadId;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  readonly end: () => void;
  /** Null until the lease is stored. */
  lease: ChunkLeaseId | null;
  watchdog: ReturnType<typeof setTimeout> | undefined;
}

const RETRY_AFTER_SECONDS = 1;
/** How long a request waits for another one to give a chunk up. */
const PATIENCE_MS = 1_500;
/** Between two attempts while another process has it. */
const POLL_MS = 40;
/** A holder stops writing this long before its lease ends. */
const SAFETY_MS = 1_000;

interface Dependencies {
  readonly work: UnitOfWork;
  /** On connections that requests cannot use up. */
  readonly upkeepWork: UnitOfWork;
  readonly clock: MonotonicClock;
  readonly random: Random;
  readonly terms: LeaseTerms;
}

/** The leases on chunks that this process holds. `renew` is to be called several times a lease. */
export class ChunkLeases {
  readonly #work: UnitOfWork;
  readonly #upkeepWork: UnitOfWork;
  readonly #clock: MonotonicClock;
  readonly #random: Random;
  readonly #terms: LeaseTerms;
  readonly #held = new Map<string, Held>();

  constructor({ work, upkeepWork, clock, random, terms }: Dependencies) {
    this.#work = work;
    this.#upkeepWork = upkeepWork;
    this.#clock = clock;
    this.#random = random;
    this.#terms = terms;
  }

  /**
   * Acquires the lease of a chunk with `store`. Asks another request that has it, in this process
   * or another, to give it up. Resolves with the result of `store`, too.
   *
   * @throws DomainError `upload-locked` when that takes too long; what `store` threw
   */
  async acquire<T>(
    upload: UploadId,
    number: number,
    store: StoreLease<T>,
  ): Promise<{ readonly lease: ChunkLease; readonly stored: T }> {
    const key = `${upload} ${number}`;
    const deadline = this.#clock.now() + PATIENCE_MS;
    for (let asks = true; ; asks = false) {
      const held = await this.#reserve(key, upload, deadline);
      const id = this.#random.uuid() as ChunkLeaseId;
      try {
        const begun = this.#clock.now();
        const stored = await store(id, this.#terms, asks);
        if (stored !== null) {
          held.lease = id;
          this.#watch(held, begun);
          return { stored, lease: this.#lease(key, id, held) };
        }
      } catch (error) {
        this.#end(key, held);
        throw error;
      }
      this.#end(key, held);
      if (this.#clock.now() >= deadline) throw locked();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Asks the request of this process that has this lease to give it up; another one wants it. */
  requestRelease(lease: string): void {
    for (const held of this.#held.values()) if (held.lease === lease) held.stop.abort(locked());
  }

  /** Stops the requests of this process that send to an upload whose item was deleted. */
  lose(upload: UploadId): void {
    for (const held of this.#held.values()) {
      if (held.upload === upload) held.stop.abort(new DomainError('upload-gone'));
    }
  }

  /**
   * Renews all leases held, and stops those that are lost or wanted by others.
   *
   * @throws DomainError `unavailable`
   */
  async renew(): Promise<void> {
    const asked = [...this.#held.values()].flatMap((held) =>
      held.lease === null ? [] : [[held.lease, held] as const],
    );
    if (asked.length === 0) return;
    const begun = this.#clock.now();
    const leases = asked.map(([lease]) => lease);
    const renewed = await this.#upkeepWork.run(async (tx) => tx.chunks.renew(leases, this.#terms));
    const found = new Map(renewed.map((one) => [one.id, one]));
    for (const [lease, held] of asked) {
      // It may have ended meanwhile.
      if (held.lease !== lease) continue;
      const state = found.get(lease);
      if (state === undefined || state.releaseWanted) held.stop.abort(locked());
      else if (!state.isOpen) held.stop.abort(new DomainError('upload-gone'));
      else this.#watch(held, begun);
    }
  }

  /** Resolves when no chunk is being written. */
  async idle(): Promise<void> {
    while (this.#held.size > 0) await Promise.all([...this.#held.values()].map(async ({ ended }) => ended));
  }

  /** Waits until no other request of this process has it. The latest request is the next. */
  async #reserve(key: string, upload: UploadId, deadline: number): Promise<Held> {
    for (let other = this.#held.get(key); other !== undefined; other = this.#held.get(key)) {
      other.stop.abort(locked());
      await waitWithin(other.ended, deadline - this.#clock.now());
      if (this.#held.get(key) === other) throw locked();
    }
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const held: Held = { upload, stop: new AbortController(), ended, end, lease: null, watchdog: undefined };
    this.#held.set(key, held);
    return held;
  }

  /** By our own clock, whatever the database says later. */
  #watch(held: Held, renewedAt: number): void {
    clearTimeout(held.watchdog);
    const left = renewedAt + this.#terms.seconds * 1000 - SAFETY_MS - this.#clock.now();
    held.watchdog = setTimeout(
      () => held.stop.abort(new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS })),
      Math.max(0, left),
    );
  }

  #lease(key: string, id: ChunkLeaseId, held: Held): ChunkLease {
    return {
      id,
      signal: held.stop.signal,
      end: () => {
        held.lease = null;
        this.#end(key, held);
      },
      release: async () => {
        if (held.lease === null) return;
        held.lease = null;
        try {
          await this.#work.run(async (tx) => tx.chunks.release(this.#terms.holder, id));
        } catch {
          // It ends in time.
        }
        this.#end(key, held);
      },
    };
  }

  #end(key: string, held: Held): void {
    clearTimeout(held.watchdog);
    if (this.#held.get(key) === held) this.#held.delete(key);
    held.end();
  }
}

function locked(): DomainError {
  return new DomainError('upload-locked', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
