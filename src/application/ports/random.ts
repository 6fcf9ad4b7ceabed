import type { AuthkeyHash } from './authkey-repository.ts';

/** Unpredictable values, and the one-way hashes under which secrets are stored. */
export interface Random {
  /** Returns a new UUID, version 4. */
  uuid(): string;
  /** Returns a new authkey: 256 bits, printable, without spaces. */
  authkey(): string;
  /** Returns a new password for a person to type or paste: 192 bits, printable, without spaces. */
  password(): string;
  /** Returns the hash under which an authkey is stored. The same key has the same hash. */
  hashOf(authkey: string): AuthkeyHash;
}
