import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import { placementsInOrder, type Placement } from '../../domain/pools/placement.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** Preferences for the placement of a new drive. */
export interface PlacementWish {
  /** Only pools of this storage type; any type if omitted. */
  readonly storageType?: string | undefined;
  /** The preferred pool; the default pool if omitted. */
  readonly first?: PoolId | undefined;
  /** The group of the cloned drive. The clone goes there if the caller may create media in it. */
  readonly beside?: GroupId | undefined;
}

export type ChoosePlacementFailure = 'home-group-missing' | 'not-manager';

/**
 * Chooses a group and a pool for a new drive: the caller's home group, regardless of other groups
 * that the caller has rights on (docs/cloudsigma.md#where-a-new-drive-goes). Does not look at
 * quotas: the charge enforces them.
 *
 * @throws `home-group-missing` for a caller without a group to create in, `not-manager` if that
 *   group manages no suitable pool
 */
export async function choosePlacement(
  tx: Transaction,
  pools: Pools,
  caller: Caller,
  { storageType, first, beside }: PlacementWish,
): Promise<Placement> {
  const source = beside === undefined ? null : await tx.groups.findFor(caller.id, 'velocity.media.create', beside);
  const mayJoin = source?.holds === true ? source.group : null;
  const groups = [mayJoin, await tx.groups.homeOf(caller.id)].filter((group): group is Group => group !== null);
  if (groups.length === 0) throw new DomainError('home-group-missing');

  const ids = groups.map(({ id }) => id);
  const fitting = pools.filter((pool) => storageType === undefined || pool.storageType === storageType);
  const [best] = placementsInOrder(fitting, first ?? null, ids, await tx.assignments.managedBy(ids));
  if (best === undefined) throw new DomainError('not-manager');
  return best;
}
