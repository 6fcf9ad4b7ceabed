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
  /** As assigned, in bytes; 0 sets no limit. */
  readonly quota: Bytes;
  /** What the group and all groups below it have there. */
  readonly used: Bytes;
  /**
   * What the group can still add before its limit, one of its ancestors' or the pool's is reached;
   * null if there is none.
   */
  readonly available: Bytes | null;
}

/**
 * The pools that a group may use, in the order of the configuration; none for a caller who sees the
 * group only as an ancestor.
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
      // Asked side by side, since nearly everybody who asks may see them.
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
