import type { UserId } from '../../domain/shared/ids.ts';

/** Which credential a name and a password were found right for. */
export interface Verified {
  readonly user: UserId;
  /** As in `Credential`: another one, once the password has changed. */
  readonly version: number;
}

/** A name and a password, and the network that they came from. */
export interface Proof {
  readonly name: string;
  readonly password: string;
  readonly network: string;
}

/**
 * Proofs that were found right a short while ago, in a bounded amount of memory. None is kept, nor
 * anything from which it could be guessed. A caller compares what it recalls with the user's row as
 * it is now.
 */
export interface VerifiedCredentials {
  /** What the proof was right for, or null where that is not known, or no longer. */
  recall(proof: Proof): Verified | null;
  remember(proof: Proof, verified: Verified): void;
}
