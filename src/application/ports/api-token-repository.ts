import type { ApiToken, PresentedToken, TokenId, TokenScope } from '../../domain/access/api-token.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { GroupId, UserId } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';

/** The hash of a token; the token itself is never stored. */
export type TokenHash = string;

export interface NewToken {
  readonly name: string;
  readonly scope: TokenScope;
  /** Null for all groups of the user. */
  readonly groups: readonly GroupId[] | null;
  /** Null for a token that does not expire. */
  readonly expiresAt: Date | null;
}

/** A token that is valid, and its user. */
export interface ValidToken {
  readonly caller: Caller;
  readonly token: PresentedToken;
  /** Whether the last recorded use is so old that `use` would record one. */
  readonly isUnused: boolean;
}

/** The API tokens of all users, by their hashes. */
export interface ApiTokenRepository {
  /** Stores a token of a user. */
  insert(hash: TokenHash, user: UserId, token: NewToken): Promise<ApiToken>;
  /** Returns a token that is valid, by the clock of the database, or null. One indexed query. */
  find(hash: TokenHash): Promise<ValidToken | null>;
  /** Records that the token is in use, at most once a minute. */
  use(hash: TokenHash): Promise<void>;
  /** Returns a page of the tokens of a user, expired ones included. One indexed query. */
  page(user: UserId, terms: KeysetTerms<'created'>): Promise<KeysetPage<ApiToken>>;
  /** Deletes a token of a user. Returns whether there was one. */
  remove(user: UserId, id: TokenId): Promise<boolean>;
}
