/** Work that runs on one replica at a time. */
export type LockName = 'library' | 'move' | 'scrub';

/**
 * Advisory locks across all replicas. They prevent repeated work; constraints of the database
 * prevent results that must not happen twice.
 */
export interface NamedLocks {
  /**
   * Waits for the lock, runs `work` and releases the lock. If the process dies, the lock is
   * released.
   *
   * @throws what `work` threw, or the reason of the signal while waiting
   * @throws DomainError `unavailable`
   */
  withLock<T>(name: LockName, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** As `withLock`, but resolves with null at once if another process has the lock. */
  tryWithLock<T>(name: LockName, work: () => Promise<T>): Promise<{ readonly result: T } | null>;
}
