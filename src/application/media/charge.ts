import type { Group } from '../../domain/access/group.ts';
import { headroomOf } from '../../domain/quotas/headroom.ts';
import { MAX_BYTES, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Charges `needed` bytes and `items` more items to the group, all groups above it and then the
 * pool. Call it last in a transaction, because every writer waits for these rows; the order of the
 * rows prevents deadlocks.
 *
 * @throws `quota-exceeded`; then roll the transaction back
 */
export async function charge(tx: Transaction, group: Group, pool: PoolId, needed: Bytes, items: 0 | 1): Promise<void> {
  const [exceededGroup, exceededPool] = await Promise.all([
    tx.usage.charge(group, pool, needed, items),
    tx.pools.charge(pool, needed),
  ]);
  const exceeded = exceededGroup ?? exceededPool;
  if (exceeded === null) return;
  if (exceeded.kind === 'items') throw new DomainError('quota-exceeded', { limitedBy: 'items', max: exceeded.max });
  throw new DomainError('quota-exceeded', {
    needed,
    left: headroomOf({ ...exceeded, limit: exceeded.limit ?? MAX_BYTES }),
    limitedBy: exceeded.kind,
    pool,
    ...(exceeded.group === undefined ? {} : { group: exceeded.group }),
  });
}
