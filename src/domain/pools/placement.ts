import { ROOT_GROUP, type GroupId, type PoolId } from '../shared/ids.ts';
import type { Pool, Pools } from './pool.ts';

/** A pool for a new drive, and the group that will own it. */
export interface Placement {
  readonly group: GroupId;
  readonly pool: PoolId;
}

/**
 * Returns the placements in `pools` for `groups`, best first: by the order of the groups, then
 * `first` (the default pool if null), then the order of the configuration
 * (docs/cloudsigma.md#where-a-new-drive-goes). `managed` lists the pools that these groups manage
 * by assignment; the root group manages all.
 */
export function placementsInOrder(
  pools: Pools,
  first: PoolId | null,
  groups: readonly GroupId[],
  managed: readonly Placement[],
): readonly Placement[] {
  const isFirst = (pool: Pool): boolean => (first === null ? pool.isDefault : pool.id === first);
  const ordered = [...pools.filter(isFirst), ...pools.filter((pool) => !isFirst(pool))];
  const manages = (group: GroupId, pool: PoolId): boolean =>
    group === ROOT_GROUP || managed.some((placement) => placement.group === group && placement.pool === pool);
  return groups.flatMap((group) =>
    ordered.filter(({ id }) => manages(group, id)).map(({ id }) => ({ group, pool: id })),
  );
}
