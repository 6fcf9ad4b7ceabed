import type { MonotonicClock } from '../ports/clock.ts';

/** When the leases of others are judged. Seconds. */
export interface GraceTerms {
  readonly leaseSeconds: number;
  /** How long after its end a lease is still left alone. */
  readonly graceSeconds: number;
}

/** Only leases that were ended on purpose lie this far back. */
const ENDED_ON_PURPOSE_SECONDS = 1e9;

/**
 * How long after its end the lease of another process is left alone. After the database was away
 * everybody gets one lease to renew theirs before they are judged again, since nobody could
 * meanwhile. Everything in a process that takes over from others shares one, and tells it how the
 * database answers.
 */
export class Grace {
  readonly #clock: MonotonicClock;
  readonly #terms: GraceTerms;
  /** Since when the database has answered without a break; null while it does not. */
  #databaseSince: number | null = null;

  constructor(clock: MonotonicClock, terms: GraceTerms) {
    this.#clock = clock;
    this.#terms = terms;
  }

  /** As it is now. To be asked for before the database is asked whose lease is over. */
  get seconds(): number {
    const { leaseSeconds, graceSeconds } = this.#terms;
    const isSettled = this.#databaseSince !== null && this.#clock.now() - this.#databaseSince >= leaseSeconds * 1000;
    return isSettled ? graceSeconds : ENDED_ON_PURPOSE_SECONDS;
  }

  /** The database has answered. */
  answered(): void {
    this.#databaseSince ??= this.#clock.now();
  }

  /** The database has failed to answer. */
  lost(): void {
    this.#databaseSince = null;
  }
}
