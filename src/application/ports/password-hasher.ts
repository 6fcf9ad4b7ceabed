/** For whom a password is hashed: the queue is shared fairly. */
export interface HashingTurn {
  /**
   * Who shares one place in the queue with others of the same name: a network, or a user who is
   * signed in.
   */
  readonly from: string;
  /** Whether it goes before those that are not known. */
  readonly isKnown: boolean;
}

/** A password that a caller shows for a name. */
export interface PasswordGuess {
  readonly name: string;
  readonly password: string;
  /** The hash of the user of that name; null where there is no such user. */
  readonly passwordHash: string | null;
}

/**
 * Slow by design and memory-hard, therefore bounded: few at once, identical ones once, a short
 * queue. Those that are known go first, and then the callers take turns. Who waits last in the
 * longest line makes room when the queue is full.
 */
export interface PasswordHasher {
  /** Hashes in PHC form, with a fresh salt. Fails with `unavailable` when the queue has no room. */
  hash(password: string, turn: HashingTurn): Promise<string>;
  /**
   * Whether the password belongs to the hash, in NFC or as it is. Where there is no user: false
   * after the same work, whatever the name. Fails with `unavailable` when the queue has no room.
   */
  verify(guess: PasswordGuess, turn: HashingTurn): Promise<boolean>;
}
