import type { Caller } from '../../domain/access/caller.ts';
import type { UserId } from '../../domain/shared/ids.ts';

/** The hash of the secret of a session; the secret itself is never stored. */
export type SessionHash = string;

/** How long a session is valid, and how many of them a user may have. */
export interface LoginSessionTerms {
  /** How long a session is valid after its last use. */
  readonly idleSeconds: number;
  /** How long a session is valid after the login. */
  readonly maxSeconds: number;
  readonly maxPerUser: number;
}

/** A valid session. */
export interface LoginSession {
  readonly caller: Caller;
  /** Whether the last recorded use is so old that `use` would record one. */
  readonly isUnused: boolean;
}

/** The sessions of browsers that logged in, by the hashes of their secrets. */
export interface LoginSessionRepository {
  /**
   * Stores a session that begins now, by the clock of the database. Deletes the least recently used
   * sessions of the user beyond `maxPerUser`, also under concurrent inserts. Returns when it ends
   * at the latest.
   */
  insert(hash: SessionHash, user: UserId, terms: LoginSessionTerms): Promise<Date>;
  /** Returns a session that is valid, by the clock of the database, or null. One indexed query. */
  find(hash: SessionHash, terms: LoginSessionTerms): Promise<LoginSession | null>;
  /** Records that the session is in use, at most once a minute. */
  use(hash: SessionHash): Promise<void>;
  /** Deletes a session and returns its user, or null if there is no such session. */
  remove(hash: SessionHash): Promise<UserId | null>;
  /** Deletes every session of a user. */
  removeOf(user: UserId): Promise<void>;
  /** Deletes sessions that are not valid any more, at most 1000 per call. Returns how many. */
  forgetEnded(terms: LoginSessionTerms): Promise<number>;
}
