/** Counts failed logins by name and address, each pair on its own, in a bounded amount of memory (docs/velocity.md#logging-in). */
export interface LoginLimit {
  /** Fails with `too-many-logins` when the pair has used up its failures. */
  admit(name: string, address: string): Promise<void>;
  /** Counts a failure. Fails with `too-many-logins` when the pair has used up its failures with this one. */
  failed(name: string, address: string): Promise<void>;
  /** Forgets the failures of the pair. */
  succeeded(name: string, address: string): Promise<void>;
}
