import type { Caller } from '../../domain/access/caller.ts';
import type { PoolRights } from '../../domain/pools/assignment.ts';
import { findPool, type Pools } from '../../domain/pools/pool.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP, type GroupId, type PoolId } from '../../domain/shared/ids.ts';
import { requirePermission } from '../access/require-permission.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { detachUnentitled } from '../access/detach-unentitled.ts';

export type AssignPoolFailure = 'permission-missing' | 'pool-not-found' | 'group-not-found' | 'root-rights-fixed';

/** Assigns a pool to a group, or updates the group's rights and quota there. */
export class AssignPool {
  readonly #work: UnitOfWork;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, pools: Pools) {
    this.#work = work;
    this.#pools = pools;
  }

  /**
   * A quota of 0 bytes sets no limit; one below the usage only blocks growth. The root group has
   * fixed rights, so only its quota can be set (docs/velocity.md#the-root-group).
   */
  async run(caller: Caller, group: GroupId, pool: PoolId, quota: Bytes, rights: PoolRights): Promise<void> {
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      const found = await tx.groups.lockShared(group);
      await requirePermission(tx, caller, 'velocity.pool.assign', found);
      if (findPool(this.#pools, pool) === null) throw new DomainError('pool-not-found');
      if (found === null) throw new DomainError('group-not-found');

      const isRoot = found.id === ROOT_GROUP;
      if (isRoot && !(rights.write && rights.manage)) throw new DomainError('root-rights-fixed');
      if (!isRoot) await tx.assignments.store(found.id, pool, rights);
      await tx.usage.setQuota(found.id, pool, quota);
      const detached = rights.write ? [] : await detachUnentitled(tx, { group: found.id, pool });
      await tx.audit.record(
        caller,
        { action: 'pool.assign', group: found.id, pool, details: { quota, ...rights } },
        ...detached,
      );
    });
  }
}
