import type { Caller } from '../../domain/access/caller.ts';
import { findPool, type Pools } from '../../domain/pools/pool.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP, type GroupId, type PoolId } from '../../domain/shared/ids.ts';
import { requirePermission } from '../access/require-permission.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { detachUnentitled } from '../access/detach-unentitled.ts';

export type RevokePoolFailure = 'permission-missing' | 'pool-not-found' | 'group-not-found' | 'protected';

/**
 * Revokes a group's access to a pool. Its items stay and keep being charged, but are not listed
 * until the pool is assigned again.
 */
export class RevokePool {
  readonly #work: UnitOfWork;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, pools: Pools) {
    this.#work = work;
    this.#pools = pools;
  }

  async run(caller: Caller, group: GroupId, pool: PoolId): Promise<void> {
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      const found = await tx.groups.lockShared(group);
      await requirePermission(tx, caller, 'velocity.pool.revoke', found);
      if (findPool(this.#pools, pool) === null) throw new DomainError('pool-not-found');
      if (found === null) throw new DomainError('group-not-found');
      if (found.id === ROOT_GROUP) throw new DomainError('protected');

      await tx.assignments.remove(found.id, pool);
      await tx.usage.setQuota(found.id, pool, null);
      const detached = await detachUnentitled(tx, { group: found.id, pool });
      await tx.audit.record(caller, { action: 'pool.revoke', group: found.id, pool }, ...detached);
    });
  }
}
