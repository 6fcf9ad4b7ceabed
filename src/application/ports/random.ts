import type { AuthkeyHash } from './authkey-repository.ts';

/** Unpredictable values, and the one-way names under which secrets are stored. */
export interface Random {
  /** A new UUID, version 4. */
  uuid(): string;
  /** A new authkey: 256 bits, printable, without spaces. */
  authkey(): string;
  /** A new password for a person to type or paste: 192 bits, printable, without spaces. */
  password(): string;
  /** What is stored of an authkey: the same for the same key, and no way back. */
  hashOf(authkey: string): AuthkeyHash;
}
