import type { Group } from '../../domain/access/group.ts';
import { headroomOf } from '../../domain/quotas/headroom.ts';
import { MAX_BYTES, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Charges `needed` bytes and `items` more items to the group, all groups above it and then the
 * pool. Asked for at once, since everybody waits for these rows, and in this order, since two who
 * take them in different ones wait for each other: nothing else is to be locked behind it. Fails
 * with `quota-exceeded`; then the transaction must be undone.
 */
export async function charge(tx: Transaction, group: Group, pool: PoolId, needed: Bytes, items: 0 | 1): Promise<void> {
  const [ofGroups, ofPool] = await Promise.all([
    tx.usage.charge(group, pool, needed, items),
    tx.pools.charge(pool, needed),
  ]);
  const refused = ofGroups ?? ofPool;
  if (refused === null) return;
  if (refused.kind === 'items') throw new DomainError('quota-exceeded', { limitedBy: 'items', max: refused.max });
  throw new DomainError('quota-exceeded', {
    needed,
    left: headroomOf({ ...refused, limit: refused.limit ?? MAX_BYTES }),
    limitedBy: refused.kind,
  });
}
