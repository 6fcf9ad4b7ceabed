import type { Caller } from '../../domain/access/caller.ts';
import { placesInOrder, type Place } from '../../domain/pools/place.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** What is known of the place that somebody wants. */
export interface PlaceWish {
  /** Only pools of this storage type; any where it is not given. */
  readonly storageType?: string | undefined;
  /** The pool that is best, if it may be had; the default pool where it is not given. */
  readonly first?: PoolId | undefined;
}

export type ChoosePlaceFailure = 'permission-missing' | 'not-manager';

const PERMISSION = 'velocity.media.create';

/**
 * Chooses a group and a pool for media that come without (docs/cloudsigma.md#where-a-new-drive-goes). Quotas are not looked at: the charge is their judge.
 *
 * @throws DomainError `permission-missing` for a caller who may create media directly in no group, `not-manager` where no such group manages a fitting pool
 */
export async function choosePlace(
  tx: Transaction,
  pools: Pools,
  caller: Caller,
  { storageType, first }: PlaceWish,
): Promise<Place> {
  const groups = (await tx.grants.ofUser(caller.id))
    .filter(({ permission }) => permission === PERMISSION)
    .map(({ group }) => group);
  if (groups.length === 0) throw new DomainError('permission-missing', { permission: PERMISSION });

  const fitting = pools.filter((pool) => storageType === undefined || pool.storageType === storageType);
  const [best] = placesInOrder(fitting, first ?? null, groups, await tx.assignments.managedBy(groups));
  if (best === undefined) throw new DomainError('not-manager');
  return best;
}
