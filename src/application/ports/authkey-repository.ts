import type { Caller } from '../../domain/access/caller.ts';
import type { UserId } from '../../domain/shared/ids.ts';

/** The hash of an authkey; the key itself is never stored. */
export type AuthkeyHash = string;

/** How long an authkey is valid, and how many of them a user may have. */
export interface AuthkeyTerms {
  readonly lifetimeSeconds: number;
  /** How long a key and the keys that replace it are valid together, from the login on. */
  readonly maxSecondsSinceLogin: number;
  readonly maxPerUser: number;
}

/** A key that was deleted to be replaced by a new one. */
export interface ConsumedAuthkey {
  readonly user: UserId;
  /** When its user logged in; only to be passed to `insert`. */
  readonly loginAt: string;
}

export type AuthkeyState =
  | {
      readonly kind: 'valid';
      readonly caller: Caller;
      /** Whether the last recorded use is so old that `use` would record one. */
      readonly isUnused: boolean;
    }
  | { readonly kind: 'expired' }
  | { readonly kind: 'unknown' };

/** The authkeys of all users, by their hashes. */
export interface AuthkeyRepository {
  /**
   * Stores a key that is valid from now on, by the clock of the database, within the terms;
   * `loginAt` is null for a login that happens now. Deletes the least recently used keys of the
   * user beyond `maxPerUser`, also under concurrent inserts. Returns when the key expires: Unix
   * time in whole seconds.
   */
  insert(hash: AuthkeyHash, user: UserId, terms: AuthkeyTerms, loginAt: string | null): Promise<number>;
  /**
   * Returns whether the key is valid, by the clock of the database, and its user. One indexed
   * query.
   */
  find(hash: AuthkeyHash): Promise<AuthkeyState>;
  /**
   * Deletes a valid key and returns its user; null if the key is unknown or expired. Of two
   * concurrent calls, one gets the user and the other null.
   */
  consume(hash: AuthkeyHash): Promise<ConsumedAuthkey | null>;
  /** Records that the key is in use, at most once a minute. */
  use(hash: AuthkeyHash): Promise<void>;
  /** Deletes a key and returns its user, or null if there is no such key. */
  remove(hash: AuthkeyHash): Promise<UserId | null>;
  /** Deletes every key of a user. */
  removeOf(user: UserId): Promise<void>;
  /** Deletes keys that expired more than `seconds` ago, at most 1000 per call. Returns how many. */
  forgetExpired(seconds: number): Promise<number>;
}
