import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import { waitWithin } from '../leases/time-limit.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { LeaseEnd } from '../ports/lease-end.ts';
import type { RenewedLease } from '../ports/upload-repository.ts';

/** The right to write bytes of one upload, until it is released or lost. */
export interface WriteLease {
  /**
   * Aborts when the holder has to stop writing: with `upload-locked` for another request,
   * `upload-gone` when the item was deleted, `unavailable` before the lease ends.
   */
  readonly signal: AbortSignal;
  /**
   * Throws when the lease is about to end by the clock of this process, which may have been stopped
   * for longer than its timers show.
   *
   * @throws the reason of the signal
   */
  readonly confirm: () => void;
  /** When the holder has to stop writing. */
  readonly until: LeaseEnd;
  /** Ends it in this process alone. Idempotent: a later lease of this process stays. */
  readonly end: () => void;
  /**
   * Ends it with `remove`, which removes it from the database. Idempotent, as `end`. Never fails: a
   * lease that cannot be removed ends in time.
   */
  readonly endWith: (remove: () => Promise<void>) => Promise<void>;
}

/** What a lease is for. */
interface Subject<Id> {
  readonly id: Id;
  readonly upload: UploadId;
  /** Names the bytes: one request of this process at a time has a lease on them. */
  readonly key: string;
}

interface Held<Id> extends Subject<Id> {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  readonly end: () => void;
  /** Whether the database has it. */
  isStored: boolean;
  watchdog: ReturnType<typeof setTimeout> | undefined;
  readonly until: LeaseEnd;
}

const RETRY_AFTER_SECONDS = 1;
/** How long a request waits for another one to give a lease up. */
const PATIENCE_MS = 1_500;
/** Between two attempts while another process has it. */
const POLL_MS = 40;
/** A holder stops writing this long before its lease ends. */
const SAFETY_MS = 1_000;

/** The leases of one kind that the requests of this process write with. */
export class WriteLeases<Id> {
  readonly #clock: MonotonicClock;
  readonly #leaseSeconds: number;
  readonly #held = new Map<string, Held<Id>>();

  constructor(clock: MonotonicClock, leaseSeconds: number) {
    this.#clock = clock;
    this.#leaseSeconds = leaseSeconds;
  }

  /**
   * Acquires a lease with `store`, which resolves with null if another process holds it. Asks
   * another request of this process to give it up; the first `store` is told to ask other
   * processes.
   *
   * @throws DomainError `upload-locked` when that takes too long; what `store` threw
   */
  async acquire<T>(
    subject: Subject<Id>,
    store: (asks: boolean) => Promise<T | null>,
  ): Promise<{ readonly lease: WriteLease; readonly stored: T }> {
    const deadline = this.#clock.now() + PATIENCE_MS;
    for (let asks = true; ; asks = false) {
      const held = await this.#reserve(subject, deadline);
      try {
        const begun = this.#clock.now();
        const stored = await store(asks);
        if (stored !== null) {
          held.isStored = true;
          this.#watch(held, begun);
          return { stored, lease: this.#lease(held) };
        }
      } catch (error) {
        this.#end(held);
        throw error;
      }
      this.#end(held);
      if (this.#clock.now() >= deadline) throw locked();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Whether a request of this process has, or tries to get, the lease on these bytes. */
  isHeld(key: string): boolean {
    return this.#held.has(key);
  }

  /** Asks the request of this process that has this lease to give it up; another one wants it. */
  requestRelease(id: Id): void {
    for (const held of this.#held.values()) if (held.id === id) held.stop.abort(locked());
  }

  /** Stops the requests of this process that write to an upload whose item was deleted. */
  lose(upload: UploadId): void {
    for (const held of this.#held.values()) if (held.upload === upload) held.stop.abort(gone());
  }

  /**
   * Renews all leases held with `renew`, which returns those that are still held, and stops those
   * that are lost or wanted by others.
   *
   * @throws what `renew` threw
   */
  async renew(renew: (ids: readonly Id[]) => Promise<readonly RenewedLease<Id>[]>): Promise<void> {
    // A lease that is acquired from now on is not among the renewed ones, and not lost.
    const asked = [...this.#held.values()].filter(({ isStored }) => isStored);
    if (asked.length === 0) return;
    const begun = this.#clock.now();
    const renewed = await renew(asked.map(({ id }) => id));
    const found = new Map(renewed.map((one) => [one.id, one]));
    for (const held of asked) {
      // It may have ended meanwhile.
      if (!held.isStored) continue;
      const state = found.get(held.id);
      if (state === undefined) held.stop.abort(locked());
      else if (!state.isOpen) held.stop.abort(gone());
      else if (state.releaseWanted) held.stop.abort(locked());
      else this.#watch(held, begun);
    }
  }

  /** Resolves when no request of this process writes. */
  async idle(): Promise<void> {
    while (this.#held.size > 0) await Promise.all([...this.#held.values()].map(async ({ ended }) => ended));
  }

  /** Waits until no other request of this process has it. The latest request is the next. */
  async #reserve(subject: Subject<Id>, deadline: number): Promise<Held<Id>> {
    const { key } = subject;
    for (let other = this.#held.get(key); other !== undefined; other = this.#held.get(key)) {
      other.stop.abort(locked());
      await waitWithin(other.ended, deadline - this.#clock.now());
      if (this.#held.get(key) === other) throw locked();
    }
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const stop = new AbortController();
    const until = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
    const held: Held<Id> = { ...subject, stop, ended, end, isStored: false, watchdog: undefined, until };
    this.#held.set(key, held);
    return held;
  }

  /** By our own clock, whatever the database says later. */
  #watch(held: Held<Id>, renewedAt: number): void {
    clearTimeout(held.watchdog);
    const until = renewedAt + this.#leaseSeconds * 1000 - SAFETY_MS;
    Atomics.store(held.until, 0, BigInt(until));
    held.watchdog = setTimeout(() => held.stop.abort(lapsed()), Math.max(0, until - this.#clock.now()));
  }

  #lease(held: Held<Id>): WriteLease {
    return {
      signal: held.stop.signal,
      until: held.until,
      confirm: () => {
        if (this.#clock.now() >= Atomics.load(held.until, 0)) held.stop.abort(lapsed());
        held.stop.signal.throwIfAborted();
      },
      end: () => this.#end(held),
      endWith: async (remove) => {
        if (!held.isStored) return;
        held.isStored = false;
        try {
          await remove();
        } catch {
          // It ends in time.
        }
        this.#end(held);
      },
    };
  }

  #end(held: Held<Id>): void {
    clearTimeout(held.watchdog);
    held.isStored = false;
    if (this.#held.get(held.key) === held) this.#held.delete(held.key);
    held.end();
  }
}

/** The failure of a request whose upload was deleted. */
export function gone(): DomainError {
  return new DomainError('upload-gone');
}

/** The failure of a request whose bytes another one writes. */
export function locked(): DomainError {
  return new DomainError('upload-locked', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

function lapsed(): DomainError {
  return new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
