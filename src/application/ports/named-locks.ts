/** What is done by one at a time. */
export type LockName = 'library' | 'move' | 'scrub';

/** Work that one replica at a time does. */
export interface NamedLocks {
  /**
   * Waits until nobody else is at the same work, on whichever replica, and does it. The turn ends
   * with the process that has it, however that ends. It saves doing things twice; what must not
   * happen twice is for the database to refuse. Fails with what `work` failed with, with the
   * signal's reason while waiting, or with `unavailable`.
   */
  withLock<T>(name: LockName, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** As `take`, but answers null at once where somebody else is at it. */
  tryWithLock<T>(name: LockName, work: () => Promise<T>): Promise<{ readonly answer: T } | null>;
}
