import type { Caller } from '../../domain/access/caller.ts';
import { rightsOf, type PoolRights } from '../../domain/pools/assignment.ts';
import type { Pool, Pools } from '../../domain/pools/pool.ts';
import { tightest } from '../../domain/quotas/headroom.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId } from '../../domain/shared/ids.ts';
import { requirePermission } from '../access/require-permission.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { levelOf } from '../ports/usage-repository.ts';

export type ListPoolsFailure = 'permission-missing' | 'group-not-found';

/** A pool as one group sees it. */
export interface AvailablePool extends PoolRights {
  readonly pool: Pool;
  /** As assigned, in bytes; 0 sets no limit. */
  readonly quota: Bytes;
  /** What the group and all groups below it have there. */
  readonly used: Bytes;
  /** What the group can still add before its limit, one of its ancestors' or the pool's is reached; null if there is none. */
  readonly available: Bytes | null;
}

/** The pools that a group may use, in the order of the configuration. */
export class ListPools {
  readonly #work: UnitOfWork;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, pools: Pools) {
    this.#work = work;
    this.#pools = pools;
  }

  async run(caller: Caller, group: GroupId): Promise<readonly AvailablePool[]> {
    return this.#work.read(async (tx) => {
      const found = await tx.groups.find(group);
      await requirePermission(tx, caller, 'velocity.pool.list', found);
      if (found === null) throw new DomainError('group-not-found');
      return available(tx, this.#pools, found.id, found.path);
    });
  }
}

async function available(
  tx: Transaction,
  pools: Pools,
  group: GroupId,
  path: readonly GroupId[],
): Promise<readonly AvailablePool[]> {
  const assigned = new Map((await tx.assignments.ofGroup(group)).map((assignment) => [assignment.pool, assignment]));
  const usage = await tx.usage.ofPathEverywhere(path);
  const levels = await tx.pools.levels(pools.map((pool) => pool.id));

  return pools.flatMap((pool) => {
    const rights = rightsOf(group, assigned.get(pool.id) ?? null);
    if (rights === null) return [];
    const onPool = usage.filter((row) => row.pool === pool.id);
    const own = onPool.find((row) => row.group === group);
    const poolLevel = levels.get(pool.id);
    const left = tightest([...onPool.map(levelOf), ...(poolLevel === undefined ? [] : [poolLevel])]);
    return [
      {
        pool,
        write: rights.write,
        manage: rights.manage,
        quota: own?.quota ?? bytes(0),
        used: own?.used ?? bytes(0),
        available: left?.left ?? null,
      },
    ];
  });
}
