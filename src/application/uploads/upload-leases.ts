import { DomainError } from '../../domain/shared/domain-error.ts';
import type { InstanceId } from '../../domain/shared/ids.ts';
import type { Upload, UploadId } from '../../domain/uploads/upload.ts';
import { waitWithin } from '../leases/time-limit.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { LeaseTerms } from '../ports/media-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** The right to write to one upload, until it is released or lost. */
export interface UploadLease {
  /** The upload as it was when the lease was acquired. */
  readonly upload: Upload;
  /** Whether this process wrote last, too. */
  readonly isContinued: boolean;
  readonly holder: InstanceId;
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
  /** Makes this how `checkpoint` of the leases records what has arrived. */
  onCheckpoint(checkpoint: () => Promise<void>): void;
  /**
   * Gives the lease up. Idempotent: a later lease of this process stays. Never fails: a lease that
   * the database cannot release ends in time.
   */
  release(): Promise<void>;
}

interface Held {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  readonly end: () => void;
  watchdog: ReturnType<typeof setTimeout> | undefined;
  /** When the holder has to stop writing, by the clock of this process. */
  until: number;
  checkpoint: (() => Promise<void>) | null;
}

const RETRY_AFTER_SECONDS = 1;
/** How long a request waits for another one to give an upload up. */
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
  readonly terms: LeaseTerms;
}

/** The leases on uploads that this process holds. `renew` is to be called several times a lease. */
export class UploadLeases {
  readonly #work: UnitOfWork;
  readonly #upkeepWork: UnitOfWork;
  readonly #clock: MonotonicClock;
  readonly #terms: LeaseTerms;
  readonly #held = new Map<UploadId, Held>();

  constructor({ work, upkeepWork, clock, terms }: Dependencies) {
    this.#work = work;
    this.#upkeepWork = upkeepWork;
    this.#clock = clock;
    this.#terms = terms;
  }

  /**
   * Acquires the lease of an upload. Asks another request that has it, in this process or another,
   * to record what arrived and to give it up.
   *
   * @throws DomainError `upload-locked` when that takes too long; `upload-gone` or `unknown-upload`
   */
  async acquire(id: UploadId): Promise<UploadLease> {
    const deadline = this.#clock.now() + PATIENCE_MS;
    for (let isAsked = false; ;) {
      const held = await this.#reserve(id, deadline);
      try {
        const begun = this.#clock.now();
        const acquired = await this.#work.run(async (tx) => tx.uploads.acquire(id, this.#terms));
        if (acquired !== null) {
          this.#watch(held, begun);
          const isContinued = acquired.formerHolder === this.#terms.holder;
          return this.#lease(id, held, acquired.upload, isContinued);
        }
        const upload = await this.#work.read(async (tx) => tx.uploads.find(id));
        if (upload === null) throw new DomainError('unknown-upload');
        if (upload.state === 'ended') throw new DomainError('upload-gone');
        if (upload.state === 'finished') throw new DomainError('upload-offset-mismatch', { offset: upload.offset });
        if (!isAsked) await this.#work.run(async (tx) => tx.uploads.wantRelease(id));
        isAsked = true;
      } catch (error) {
        this.#end(id, held);
        throw error;
      }
      this.#end(id, held);
      if (this.#clock.now() >= deadline) throw locked();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Asks the request of this process that has an upload to give it up; another one wants it. */
  requestRelease(id: UploadId): void {
    this.#held.get(id)?.stop.abort(locked());
  }

  /** Stops the request of this process that has an upload whose item was deleted. */
  lose(id: UploadId): void {
    this.#held.get(id)?.stop.abort(new DomainError('upload-gone'));
  }

  /**
   * Records what the request of this process that has an upload has received so far, if any has.
   */
  async checkpoint(id: UploadId): Promise<void> {
    await this.#held.get(id)?.checkpoint?.();
  }

  /**
   * Renews all leases held, and stops those that are lost or wanted by others.
   *
   * @throws DomainError `unavailable`
   */
  async renew(): Promise<void> {
    // A lease that is acquired from now on is not among the renewed ones, and not lost.
    const asked = [...this.#held].filter(([, { watchdog }]) => watchdog !== undefined);
    if (asked.length === 0) return;
    const begun = this.#clock.now();
    const ids = asked.map(([id]) => id);
    const renewed = await this.#upkeepWork.run(async (tx) => tx.uploads.renew(ids, this.#terms));
    const found = new Map(renewed.map((one) => [one.id, one]));
    for (const [id, held] of asked) {
      if (this.#held.get(id) !== held) continue;
      const state = found.get(id);
      if (state === undefined) held.stop.abort(locked());
      else if (!state.isOpen) held.stop.abort(new DomainError('upload-gone'));
      else if (state.releaseWanted) held.stop.abort(locked());
      else this.#watch(held, begun);
    }
  }

  /** Resolves when no upload is being written to. */
  async idle(): Promise<void> {
    while (this.#held.size > 0) await Promise.all([...this.#held.values()].map(async ({ ended }) => ended));
  }

  /** Waits until no other request of this process has it. The latest request is the next. */
  async #reserve(id: UploadId, deadline: number): Promise<Held> {
    for (let other = this.#held.get(id); other !== undefined; other = this.#held.get(id)) {
      other.stop.abort(locked());
      await waitWithin(other.ended, deadline - this.#clock.now());
      if (this.#held.get(id) === other) throw locked();
    }
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const held: Held = { stop: new AbortController(), ended, end, watchdog: undefined, until: 0, checkpoint: null };
    this.#held.set(id, held);
    return held;
  }

  /** By our own clock, whatever the database says later. */
  #watch(held: Held, renewedAt: number): void {
    clearTimeout(held.watchdog);
    held.until = renewedAt + this.#terms.seconds * 1000 - SAFETY_MS;
    held.watchdog = setTimeout(() => held.stop.abort(lapsed()), Math.max(0, held.until - this.#clock.now()));
  }

  #lease(id: UploadId, held: Held, upload: Upload, isContinued: boolean): UploadLease {
    let isReleased = false;
    return {
      upload,
      isContinued,
      holder: this.#terms.holder,
      signal: held.stop.signal,
      confirm: () => {
        if (this.#clock.now() >= held.until) held.stop.abort(lapsed());
        held.stop.signal.throwIfAborted();
      },
      onCheckpoint: (checkpoint) => (held.checkpoint = checkpoint),
      release: async () => {
        if (isReleased) return;
        isReleased = true;
        held.checkpoint = null;
        try {
          await this.#work.run(async (tx) => tx.uploads.release(this.#terms.holder, [id]));
        } catch {
          // It ends in time.
        }
        this.#end(id, held);
      },
    };
  }

  #end(id: UploadId, held: Held): void {
    clearTimeout(held.watchdog);
    if (this.#held.get(id) === held) this.#held.delete(id);
    held.end();
  }
}

/** Returns why the database refused a change of a holder; `upload` is what it found then. */
export function lossOf(upload: Upload | null): DomainError {
  return upload === null || upload.state === 'ended' ? new DomainError('upload-gone') : locked();
}

function lapsed(): DomainError {
  return new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

function locked(): DomainError {
  return new DomainError('upload-locked', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
