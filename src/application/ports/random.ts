import type { AuthkeyHash } from './authkey-repository.ts';

/** Unpredictable values, and the one-way hashes under which secrets are stored. */
export interface Random {
  /** Returns a new UUID, version 4. */
  uuid(): string;
  /** Returns a new authkey: 256 bits, printable, without spaces. */
  authkey(): string;
  /**
   * Returns a new API token: 256 bits, printable, with a prefix by which scanners find leaked ones.
   */
  apiToken(): string;
  /** Returns the secret of a new session: 256 bits, for a cookie. */
  sessionSecret(): string;
  /** Returns a new password for a person to type or paste: 192 bits, printable, without spaces. */
  password(): string;
  /** Returns the hash under which a secret is stored. The same secret has the same hash. */
  hashOf(secret: string): AuthkeyHash;
}
