import type { Caller } from '../../domain/access/caller.ts';
import type { UserId } from '../../domain/shared/ids.ts';

/** The hash of an authkey; the key itself is never stored. */
export type AuthkeyHash = string;

/** How long a key lives, and how many its user may have. */
export interface AuthkeyTerms {
  readonly lifetimeSeconds: number;
  /** How long keys that are swapped for each other live at most, from the login on. */
  readonly longestSeconds: number;
  readonly maxPerUser: number;
}

/** A key that was taken out to be swapped. */
export interface TakenAuthkey {
  readonly user: UserId;
  /** When its user logged in: for `insert` alone. */
  readonly loginAt: string;
}

export type AuthkeyState =
  | {
      readonly kind: 'valid';
      readonly caller: Caller;
      /** Whether `use` has something to note. */ readonly isUnused: boolean;
    }
  | { readonly kind: 'expired' }
  | { readonly kind: 'unknown' };

export interface AuthkeyRepository {
  /**
   * Stores a key that lives from now by the database's clock, but no longer after the login than
   * the terms say; null for a login that is now. Keys of the user beyond the most that it may have
   * are dropped, the least recently used first, exactly also where several are stored at once.
   * Returns its end in Unix time, whole seconds.
   */
  insert(hash: AuthkeyHash, user: UserId, terms: AuthkeyTerms, loginAt: string | null): Promise<number>;
  /** Whose key it is and whether it still holds, by the database's clock. One indexed query. */
  find(hash: AuthkeyHash): Promise<AuthkeyState>;
  /**
   * Drops a key that still holds and answers whose it was; of two at once, one gets the user and
   * the other null. Null also for a key that is unknown or expired.
   */
  consume(hash: AuthkeyHash): Promise<TakenAuthkey | null>;
  /** Notes that a key is in use, at most once a minute. */
  use(hash: AuthkeyHash): Promise<void>;
  /** Drops a key, if it is there, and answers whose it was, or null. */
  remove(hash: AuthkeyHash): Promise<UserId | null>;
  /** Drops every key of a user. */
  removeOf(user: UserId): Promise<void>;
  /**
   * Forgets keys that expired longer than `seconds` ago, at most a thousand at once. Answers how
   * many.
   */
  forgetExpired(seconds: number): Promise<number>;
}
