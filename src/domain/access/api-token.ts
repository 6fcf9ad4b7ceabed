import type { GroupId } from '../shared/ids.ts';

declare const kind: unique symbol;
export type TokenId = string & { readonly [kind]: 'token' };

/**
 * What a token may be used for: `read` reads, `write` also changes media, `admin` also users,
 * groups and assignments.
 */
export type TokenScope = 'read' | 'write' | 'admin';

const WIDTH: Readonly<Record<TokenScope, number>> = { read: 0, write: 1, admin: 2 };

/** The token of a request. It never reaches further than its user. */
export interface PresentedToken {
  readonly id: TokenId;
  readonly scope: TokenScope;
  /** The groups that it reaches, with all groups below them; null for all of its user. */
  readonly groups: readonly GroupId[] | null;
}

/** A token as its user sees it. Its secret is not stored. */
export interface ApiToken extends PresentedToken {
  readonly name: string;
  /** ISO 8601 with microseconds, as the other times. */
  readonly createdAt: string;
  /** Null for a token that does not expire. */
  readonly expiresAt: string | null;
  /** To the minute; null for a token that was never used. */
  readonly lastUsedAt: string | null;
}

/** Returns whether a token with this scope may do what needs `needed`. */
export function coversScope(scope: TokenScope, needed: TokenScope): boolean {
  return WIDTH[scope] >= WIDTH[needed];
}

/**
 * Returns whether a caller reaches a group, by its path: a caller with a token for some groups
 * reaches them and all groups below.
 */
export function reaches(caller: { readonly token?: PresentedToken | undefined }, path: readonly GroupId[]): boolean {
  const groups = caller.token?.groups ?? null;
  return groups === null || path.some((id) => groups.includes(id));
}
