import { ROOT_GROUP, type GroupId, type PoolId } from '../shared/ids.ts';
import type { Pool, Pools } from './pool.ts';

/** Where media may be put: a pool, and the group that they will belong to. */
export interface Place {
  readonly group: GroupId;
  readonly pool: PoolId;
}

/**
 * The places there are for `groups` in `pools`, best first: `first`, else the default pool, then the order of the configuration, then the lowest
 * group (docs/cloudsigma.md#where-a-new-drive-goes). `managed` is what these groups manage by assignment; the root group manages every pool.
 */
export function placesInOrder(
  pools: Pools,
  first: PoolId | null,
  groups: readonly GroupId[],
  managed: readonly Place[],
): readonly Place[] {
  const isFirst = (pool: Pool): boolean => (first === null ? pool.isDefault : pool.id === first);
  const ordered = [...pools.filter(isFirst), ...pools.filter((pool) => !isFirst(pool))];
  const ascending = [...new Set(groups)].sort((one, other) => one - other);
  return ordered.flatMap(({ id }) =>
    ascending
      .filter((group) => group === ROOT_GROUP || managed.some((place) => place.group === group && place.pool === id))
      .map((group) => ({ group, pool: id })),
  );
}
