/** Who needs a hash: callers share the queue fairly. */
export interface HashingParty {
  /** The party that shares one place in the queue: a network, or a user who is signed in. */
  readonly name: string;
  /** Whether it takes precedence over parties that are not known. */
  readonly isKnown: boolean;
}

/** A password that a caller sent for a name. */
export interface PasswordGuess {
  readonly name: string;
  readonly password: string;
  /** The hash of the user of that name; null if there is no such user. */
  readonly passwordHash: string | null;
}

/**
 * Hashes passwords with a slow, memory-hard function, and is therefore bounded: few run at once,
 * identical ones run once, and the queue is short. Known parties go first, then parties alternate.
 * If the queue is full, the last entry of the party with the most entries is dropped.
 */
export interface PasswordHasher {
  /**
   * Returns a hash in PHC form, with a new salt.
   *
   * @throws DomainError `unavailable` when the queue is full
   */
  hash(password: string, turn: HashingParty): Promise<string>;
  /**
   * Returns whether the password, in NFC or as sent, matches the hash. If there is no user, returns
   * false after the same work for any name.
   *
   * @throws DomainError `unavailable` when the queue is full
   */
  verify(guess: PasswordGuess, turn: HashingParty): Promise<boolean>;
}
