/** A name to log in with, in NFC, and the network of the client. */
export interface LoginPair {
  readonly name: string;
  readonly network: string;
}

/**
 * Counts failed logins by pair, and by network over all names, in bounded memory
 * (docs/velocity.md#logging-in). The count of a network does not apply to names that logged in from
 * it within a day.
 */
export interface LoginLimit {
  /**
   * Verifies that the pair and the network have failures left.
   *
   * @throws DomainError `too-many-logins`
   */
  admit(pair: LoginPair): Promise<void>;
  /**
   * Counts a failure.
   *
   * @throws DomainError `too-many-logins` when it was the last one allowed
   */
  failed(pair: LoginPair): Promise<void>;
  /** Resets the failures of the pair, and remembers the pair for a day. */
  succeeded(pair: LoginPair): Promise<void>;
  /** Returns whether the name logged in from the network within a day, as far as remembered. */
  knows(pair: LoginPair): Promise<boolean>;
}
