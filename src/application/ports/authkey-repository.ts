import type { Caller } from '../../domain/access/caller.ts';
import type { UserId } from '../../domain/shared/ids.ts';

/** The hash of an authkey; the key itself is never stored. */
export type AuthkeyHash = string;

export type AuthkeyState =
  { readonly kind: 'valid'; readonly caller: Caller } | { readonly kind: 'expired' } | { readonly kind: 'unknown' };

export interface AuthkeyRepository {
  /** Stores a key that lives for `lifetimeSeconds` from now, by the database's clock. Answers its end in Unix time, whole seconds. */
  insert(hash: AuthkeyHash, user: UserId, lifetimeSeconds: number): Promise<number>;
  /** Whose key it is and whether it still holds, by the database's clock. One indexed query. */
  find(hash: AuthkeyHash): Promise<AuthkeyState>;
  /**
   * Drops a key that still holds and answers whose it was; of two at once, one gets the user and the other null. Null also for a
   * key that is unknown or expired.
   */
  takeOut(hash: AuthkeyHash): Promise<UserId | null>;
  /** Drops a key, if it is there, and answers whose it was, or null. */
  remove(hash: AuthkeyHash): Promise<UserId | null>;
  /** Drops every key of a user. */
  removeOf(user: UserId): Promise<void>;
  /** Forgets keys that expired longer than `seconds` ago, at most a thousand at once. Answers how many. */
  forgetExpired(seconds: number): Promise<number>;
}
