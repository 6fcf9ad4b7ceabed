/** Slow by design and memory-hard, therefore bounded: few at once, identical ones once, a short queue. */
export interface PasswordHasher {
  /** Hashes in PHC form, with a fresh salt. Fails with `unavailable` when the queue is full. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password belongs to the hash; for null, the hash of a user that does not exist, false after the same time.
   * Fails with `unavailable` when the queue is full.
   */
  verify(hash: string | null, password: string): Promise<boolean>;
}
