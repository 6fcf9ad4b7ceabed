import type { MonotonicClock } from '../ports/clock.ts';

/** When an expired lease of another process may be taken over. */
export interface GraceTerms {
  readonly leaseSeconds: number;
  /** Time between the end of a lease and its takeover. */
  readonly graceSeconds: number;
}

/** No lease expires this long ago: only leases that their holder ended are that old. */
const ENDED_BY_HOLDER_SECONDS = 1e9;

/**
 * Decides how long after its expiry the lease of another process is left alone. After an outage of
 * the database every process gets one lease time to renew its leases, because none could renew
 * during the outage. All parts of a process that take leases over share one instance, and report to
 * it whether the database responds.
 */
export class Grace {
  readonly #clock: MonotonicClock;
  readonly #terms: GraceTerms;
  /** Since when the database has responded to every query; null during an outage. */
  #databaseSince: number | null = null;

  constructor(clock: MonotonicClock, terms: GraceTerms) {
    this.#clock = clock;
    this.#terms = terms;
  }

  /** The current grace period. Read it before the query that looks for expired leases. */
  get seconds(): number {
    const { leaseSeconds, graceSeconds } = this.#terms;
    const isStable = this.#databaseSince !== null && this.#clock.now() - this.#databaseSince >= leaseSeconds * 1000;
    return isStable ? graceSeconds : ENDED_BY_HOLDER_SECONDS;
  }

  /** Reports that the database responded. */
  databaseResponded(): void {
    this.#databaseSince ??= this.#clock.now();
  }

  /** Reports that the database did not respond. */
  databaseFailed(): void {
    this.#databaseSince = null;
  }
}
