import { ROOT_GROUP, type GroupId, type PoolId } from '../shared/ids.ts';
import type { Pool, Pools } from './pool.ts';

/** Where media may be put: a pool, and the group that they will belong to. */
export interface Placement {
  readonly group: GroupId;
  readonly pool: PoolId;
}

/**
 * The places there are for `groups` in `pools`, best first: the groups in their order, and for each
 * of them `first`, else the default pool, then the order of the configuration
 * (docs/cloudsigma.md#where-a-new-drive-goes). `managed` is what these groups manage by assignment;
 * the root group manages every pool.
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
