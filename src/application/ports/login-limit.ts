/** A name that is logged in with, and the network that this is done from. Names are in NFC. */
export interface LoginPair {
  readonly name: string;
  readonly network: string;
}

/**
 * Counts failed logins by pair, and by network over all names, in a bounded amount of memory
 * (docs/velocity.md#logging-in). The count of a network does not bind names that logged in from
 * there within a day.
 */
export interface LoginLimit {
  /** Fails with `too-many-logins` when the pair or the network has used up its failures. */
  admit(pair: LoginPair): Promise<void>;
  /**
   * Counts a failure. Fails with `too-many-logins` when it used up what the pair or the network had
   * left.
   */
  failed(pair: LoginPair): Promise<void>;
  /** Forgets the failures of the pair, and remembers the pair for a day. */
  succeeded(pair: LoginPair): Promise<void>;
  /** Whether the name logged in from the network within a day, as far as that is remembered. */
  knows(pair: LoginPair): Promise<boolean>;
}
