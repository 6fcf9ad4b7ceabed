import type { UserId } from '../../domain/shared/ids.ts';

/** The credential that a name and password matched. */
export interface Verified {
  readonly user: UserId;
  /** As in `Credential`: outdated once the password has changed. */
  readonly version: number;
}

/** A name and a password, and the network that sent them. */
export interface Proof {
  readonly name: string;
  readonly password: string;
  readonly network: string;
}

/**
 * Remembers proofs that were verified recently, in bounded memory and without any form of the
 * password that could be guessed. The caller compares the version with the current row of the user.
 */
export interface VerifiedCredentials {
  /** Returns the credential that the proof matched, or null if that is not remembered. */
  recall(proof: Proof): Verified | null;
  /** Remembers a verified proof. */
  remember(proof: Proof, verified: Verified): void;
}
