import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { InstanceId, MediaId } from '../../domain/shared/ids.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { LeaseTerms } from '../ports/media-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/**
 * A lease on media items, held while their bytes are written. It is lost or released as a whole.
 */
export interface Lease {
  /** The process that holds it. */
  readonly holder: InstanceId;
  /**
   * Aborts with the reason when the lease is lost: an item was removed, by a user or by a sweeper
   * that considered this process dead.
   */
  readonly signal: AbortSignal;
  /**
   * Resolves if the lease is held. Renews it first if the last renewal is, by the monotonic clock
   * of this process, older than the lease.
   *
   * @throws the reason of the loss, or `unavailable` if the database cannot tell
   */
  confirm(): Promise<void>;
  /**
   * Marks the lease as lost, after the database refused to finish an item for this holder. Rejects
   * as `confirm` does.
   */
  lose(): Promise<never>;
  /** Stops renewing it. Call it when the rows of the items say what is true. */
  release(): void;
  /**
   * Stops renewing it and ends it as soon as the database can be reached: the sweeper then removes
   * the rest.
   */
  giveUp(): void;
}

interface Held {
  readonly lost: AbortController;
  renewedAt: number;
  released: boolean;
}

const RETRY_AFTER_SECONDS = 5;

/**
 * The leases of this process. One statement renews all of them; `renew` must be called several
 * times per lease time.
 */
export class HeldLeases {
  readonly #work: UnitOfWork;
  readonly #clock: MonotonicClock;
  readonly #terms: LeaseTerms;
  readonly #held = new Map<MediaId, Held>();
  readonly #givenUp = new Set<MediaId>();
  readonly #idleWaiters: (() => void)[] = [];
  #count = 0;

  constructor(work: UnitOfWork, clock: MonotonicClock, terms: LeaseTerms) {
    this.#work = work;
    this.#clock = clock;
    this.#terms = terms;
  }

  /** The id that this process holds leases under. */
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
    return this.holdAll([id], store);
  }

  /** Stores several items as `hold` stores one, with one lease on all of them. */
  async holdAll<Stored>(
    ids: readonly MediaId[],
    store: (terms: LeaseTerms) => Promise<Stored>,
  ): Promise<{ readonly lease: Lease; readonly stored: Stored }> {
    const held: Held = { lost: new AbortController(), renewedAt: this.#clock.now(), released: false };
    this.#count += 1;
    let stored: Stored;
    try {
      stored = await store(this.#terms);
    } catch (error) {
      if (isFailure(error, 'unavailable')) this.#giveUp(ids);
      this.#end();
      throw error;
    }
    return { lease: this.#begin(ids, held), stored };
  }

  /**
   * Begins to renew a lease that `claim` took; the lease is null if `claim` took none.
   *
   * @throws what `claim` throws. A lease taken nevertheless expires.
   */
  async adopt<Claimed>(
    claim: (terms: LeaseTerms) => Promise<{ readonly leased: MediaId | null; readonly claimed: Claimed } | null>,
  ): Promise<{ readonly claimed: Claimed; readonly lease: Lease | null } | null> {
    const held: Held = { lost: new AbortController(), renewedAt: this.#clock.now(), released: false };
    const found = await claim(this.#terms);
    if (found === null || found.leased === null) return found && { claimed: found.claimed, lease: null };
    this.#count += 1;
    return { claimed: found.claimed, lease: this.#begin([found.leased], held) };
  }

  /** Resolves when this process holds no lease. */
  async idle(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  /**
   * Renews all leases, and ends those given up.
   *
   * @throws `unavailable`; the next call catches up
   */
  async renew(): Promise<void> {
    await this.endGivenUp();
    const leases = [...this.#held];
    if (leases.length === 0) return;

    const now = this.#clock.now();
    const ids = leases.map(([id]) => id);
    const renewed = await this.#work.run(async (tx) => tx.media.renewLeases(ids, this.#terms));

    const states = new Map(renewed.map(({ id, state }) => [id, state]));
    for (const [id, held] of leases) {
      const state = states.get(id);
      if (state === undefined || state === 'removing') held.lost.abort(lost());
      else held.renewedAt = now;
    }
  }

  /**
   * Ends the leases given up, so that the next sweep removes their items.
   *
   * @throws `unavailable`; may be called again
   */
  async endGivenUp(): Promise<void> {
    const givenUp = [...this.#givenUp];
    if (givenUp.length === 0) return;
    await this.#work.run(async (tx) => tx.media.endLeases(this.#terms.holder, givenUp));
    for (const id of givenUp) this.#givenUp.delete(id);
  }

  #begin(ids: readonly MediaId[], held: Held): Lease {
    for (const id of ids) this.#held.set(id, held);
    return {
      holder: this.#terms.holder,
      signal: held.lost.signal,
      confirm: async () => this.#confirm(held),
      lose: async () => this.#lose(held),
      release: () => this.#release(ids, held),
      giveUp: () => {
        this.#giveUp(ids);
        this.#release(ids, held);
      },
    };
  }

  #giveUp(ids: readonly MediaId[]): void {
    for (const id of ids) this.#givenUp.add(id);
  }

  /** After a loss this process may have taken a new lease on the same item, which stays. */
  #release(ids: readonly MediaId[], held: Held): void {
    if (held.released) return;
    held.released = true;
    for (const id of ids) if (this.#held.get(id) === held) this.#held.delete(id);
    this.#end();
  }

  #end(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
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
