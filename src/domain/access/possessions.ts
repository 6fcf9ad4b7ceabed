import { DomainError } from '../shared/domain-error.ts';

/** A kind of object that no quota limits. */
export type Possession = 'servers' | 'tags' | 'tokens' | 'users';

/**
 * The maximum number of each kind per user; for users, per origin: the user that an operator
 * created.
 */
export type MaxPossessions = Readonly<Record<Possession, number>>;

/**
 * Verifies that a user with `had` objects of a kind may have `more`.
 *
 * @throws DomainError `too-many-possessions`
 */
export function requireWithin(max: MaxPossessions, of: Possession, had: number, more: number): void {
  if (had + more > max[of]) throw new DomainError('too-many-possessions', { of, max: max[of] });
}
