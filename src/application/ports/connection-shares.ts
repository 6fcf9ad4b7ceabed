import type { Caller } from '../../domain/access/caller.ts';

/** Shares the connections of a pool among callers. */
export interface ConnectionShares {
  /**
   * Runs `work` once the caller and its tenant have less than their share, and counts it until it
   * ends.
   *
   * @throws DomainError `unavailable` when the caller waited too long; then `work` did not run
   */
  within<T>(caller: Caller, work: () => Promise<T>): Promise<T>;
}
