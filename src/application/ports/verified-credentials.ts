import type { UserId } from '../../domain/shared/ids.ts';

/** Which credential a name and a password were found right for. */
export interface Verified {
  readonly user: UserId;
  /** As in `Credential`: another one, once the password has changed. */
  readonly version: number;
}

/**
 * Names and passwords that were found right a short while ago, in a bounded amount of memory. Neither is kept, nor anything from
 * which they could be guessed. Whoever recalls one compares it with the user's row as it is now.
 */
export interface VerifiedCredentials {
  /** What the pair was right for, or null where that is not known, or no longer. */
  recall(name: string, password: string): Verified | null;
  remember(name: string, password: string, verified: Verified): void;
}
