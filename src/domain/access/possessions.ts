import { DomainError } from '../shared/domain-error.ts';

/** What a user may have many of, at no cost to any quota. */
export type Possession = 'servers' | 'tags' | 'users';

/**
 * How many of each one user may have; of users, how many may come from one that an operator made.
 */
export type MaxPossessions = Readonly<Record<Possession, number>>;

/**
 * Refuses `more` of what a user has `had` so many of.
 *
 * @throws DomainError `too-many-possessions`
 */
export function requireWithin(max: MaxPossessions, of: Possession, had: number, more: number): void {
  if (had + more > max[of]) throw new DomainError('too-many-possessions', { of, max: max[of] });
}
