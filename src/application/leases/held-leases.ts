import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { InstanceId, MediaId } from '../../domain/shared/ids.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { LeaseTerms } from '../ports/media-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** A lease on one piece of media, for as long as its bytes are on their way. */
export interface Lease {
  /** Who holds it. */
  readonly holder: InstanceId;
  /**
   * Aborts with the reason once the lease is lost: the media were removed, or swept because this
   * process was silent too long.
   */
  readonly signal: AbortSignal;
  /**
   * Resolves while the lease certainly holds, renewing it first when its last renewal is older than
   * the lease, by our own clock. Fails with the reason when it is lost, and with `unavailable` when
   * that can't be told.
   */
  confirm(): Promise<void>;
  /**
   * Fails as `confirm` does, once the database has said that the media are no longer ours to
   * finish.
   */
  lose(): Promise<never>;
  /** Stops renewing it. Afterwards the row says what is true, or `giveUp` has been called. */
  release(): void;
  /**
   * Stops renewing it, and ends it as soon as the database can be told: what is left is for the
   * sweeper.
   */
  giveUp(): void;
}

interface Held {
  readonly lost: AbortController;
  renewedAt: number;
  dropped: boolean;
}

const RETRY_AFTER_SECONDS = 5;

/**
 * The leases that this process holds. One statement renews them all; whoever runs it calls `renew`
 * several times a lease.
 */
export class HeldLeases {
  readonly #work: UnitOfWork;
  readonly #clock: MonotonicClock;
  readonly #terms: LeaseTerms;
  readonly #held = new Map<MediaId, Held>();
  readonly #givenUp = new Set<MediaId>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(work: UnitOfWork, clock: MonotonicClock, terms: LeaseTerms) {
    this.#work = work;
    this.#clock = clock;
    this.#terms = terms;
  }

  /** Who holds the leases. */
  get holder(): InstanceId {
    return this.#terms.holder;
  }

  /**
   * Stores an item with a lease, by `store`, and begins to renew the lease. Resolves with the lease
   * and the result of `store`.
   *
   * @throws what `store` throws. After `unavailable` the row may exist: then its lease is given up.
   */
  async hold<Stored>(
    id: MediaId,
    store: (terms: LeaseTerms) => Promise<Stored>,
  ): Promise<{ readonly lease: Lease; readonly stored: Stored }> {
    const held: Held = { lost: new AbortController(), renewedAt: this.#clock.now(), dropped: false };
    this.#busy += 1;
    let stored: Stored;
    try {
      stored = await store(this.#terms);
    } catch (error) {
      if (isFailure(error, 'unavailable')) this.#givenUp.add(id);
      this.#rest();
      throw error;
    }
    return { lease: this.#begin(id, held), stored };
  }

  /**
   * Begins to renew the lease on media that `claim` found and took for us; null where it took none.
   * Fails with what `claim` failed with: then whatever it took ends by itself.
   */
  async adopt<Claimed>(
    claim: (terms: LeaseTerms) => Promise<{ readonly leased: MediaId | null; readonly claimed: Claimed } | null>,
  ): Promise<{ readonly claimed: Claimed; readonly lease: Lease | null } | null> {
    const held: Held = { lost: new AbortController(), renewedAt: this.#clock.now(), dropped: false };
    const found = await claim(this.#terms);
    if (found === null || found.leased === null) return found && { claimed: found.claimed, lease: null };
    this.#busy += 1;
    return { claimed: found.claimed, lease: this.#begin(found.leased, held) };
  }

  /** Resolves at a moment when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#busy > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /**
   * Renews every lease held, and ends those given up. Fails with `unavailable`; calling it again
   * makes up for it.
   */
  async renew(): Promise<void> {
    await this.endGivenUp();
    const asked = [...this.#held];
    if (asked.length === 0) return;

    const now = this.#clock.now();
    const ids = asked.map(([id]) => id);
    const renewed = await this.#work.run(async (tx) => tx.media.renewLeases(ids, this.#terms));

    const stands = new Map(renewed.map(({ id, state }) => [id, state]));
    for (const [id, held] of asked) {
      const state = stands.get(id);
      if (state === undefined || state === 'removing') held.lost.abort(lost());
      else held.renewedAt = now;
    }
  }

  /**
   * Ends the leases that were given up, so that the next sweep takes what they were on. Fails with
   * `unavailable`, and may be called again.
   */
  async endGivenUp(): Promise<void> {
    const givenUp = [...this.#givenUp];
    if (givenUp.length === 0) return;
    await this.#work.run(async (tx) => tx.media.endLeases(this.#terms.holder, givenUp));
    for (const id of givenUp) this.#givenUp.delete(id);
  }

  #begin(id: MediaId, held: Held): Lease {
    this.#held.set(id, held);
    return {
      holder: this.#terms.holder,
      signal: held.lost.signal,
      confirm: async () => this.#confirm(held),
      lose: async () => this.#lose(held),
      release: () => this.#drop(id, held),
      giveUp: () => {
        this.#givenUp.add(id);
        this.#drop(id, held);
      },
    };
  }

  /** A lease that was lost may have been taken anew meanwhile, by ourselves: that one goes on. */
  #drop(id: MediaId, held: Held): void {
    if (held.dropped) return;
    held.dropped = true;
    if (this.#held.get(id) === held) this.#held.delete(id);
    this.#rest();
  }

  #rest(): void {
    this.#busy -= 1;
    if (this.#busy > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #confirm(held: Held): Promise<void> {
    if (this.#clock.now() - held.renewedAt >= this.#terms.seconds * 1000) await this.renew();
    held.lost.signal.throwIfAborted();
  }

  async #lose(held: Held): Promise<never> {
    held.lost.abort(lost());
    return Promise.reject(held.lost.signal.reason as DomainError);
  }
}

function lost(): DomainError {
  return new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
