import type { Caller } from '../../domain/access/caller.ts';

/** How the connections of a pool are shared out among callers. */
export interface ConnectionShares {
  /**
   * Runs `work` once the caller and its tenant hold less than their share, and counts it until it
   * ends.
   *
   * @throws `unavailable` when the caller waited too long; then `work` did not run
   */
  within<T>(caller: Caller, work: () => Promise<T>): Promise<T>;
}
