import type { Caller } from '../../domain/access/caller.ts';
import { rightsOf, type PoolRights } from '../../domain/pools/assignment.ts';
import type { Pool, Pools } from '../../domain/pools/pool.ts';
import { tightestLevel } from '../../domain/quotas/headroom.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import type { GroupId } from '../../domain/shared/ids.ts';
import { mayListIn } from '../access/require-permission.ts';
import type { PoolUsage } from '../ports/pool-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { levelOf } from '../ports/usage-repository.ts';

export type ListPoolsFailure = 'permission-missing' | 'group-not-found';

/** A pool as one group sees it. */
export interface AvailablePool extends PoolRights {
  readonly pool: Pool;
  /** The assigned quota; 0 sets no limit. */
  readonly quota: Bytes;
  /** The usage of the group and all groups below it. */
  readonly used: Bytes;
  /**
   * The headroom of the group below its limit, those of its ancestors and the capacity of the pool;
   * null if none of them is limited.
   */
  readonly available: Bytes | null;
}

/**
 * Lists the pools that a group may use, in the order of the pools file; none for a caller who sees
 * the group only as an ancestor.
 */
export class ListPools {
  readonly #work: UnitOfWork;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, pools: Pools) {
    this.#work = work;
    this.#pools = pools;
  }

  async run(caller: Caller, group: GroupId): Promise<readonly AvailablePool[]> {
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      // Both at once, because nearly every caller may list them.
      const [usages, mayList] = await Promise.all([
        tx.pools.usages(
          group,
          this.#pools.map(({ id }) => id),
        ),
        mayListIn(tx, caller, 'velocity.pool.list', group),
      ]);
      if (!mayList) return [];
      return this.#pools.flatMap((pool) => available(group, pool, usages.get(pool.id)));
    });
  }
}

function available(group: GroupId, pool: Pool, usage: PoolUsage | undefined): readonly AvailablePool[] {
  const rights = usage === undefined ? null : rightsOf(group, usage.assigned);
  if (usage === undefined || rights === null) return [];
  const own = usage.usage.find((row) => row.group === group);
  return [
    {
      pool,
      write: rights.write,
      manage: rights.manage,
      quota: own?.quota ?? bytes(0),
      used: own?.used ?? bytes(0),
      available: tightestLevel([...usage.usage.map(levelOf), usage.level])?.left ?? null,
    },
  ];
}
