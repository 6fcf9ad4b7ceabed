import type { Group } from '../../domain/access/group.ts';
import type { Media } from '../../domain/media/media.ts';
import { headroomOf, type Level } from '../../domain/quotas/headroom.ts';
import { bytes, MAX_BYTES, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import type { TooManyItems } from '../ports/usage-repository.ts';

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
  requireCharged(exceededGroup ?? exceededPool, pool, needed);
}

/**
 * Moves the charge of an item from one group to another, with that of every level that only one of
 * their paths has. The pool counts it as before. Call it last in a transaction, as `charge`.
 *
 * @throws `quota-exceeded`; then roll the transaction back
 */
export async function transferCharge(
  tx: Transaction,
  from: Group,
  to: Group,
  pool: PoolId,
  size: Bytes,
): Promise<void> {
  requireCharged(await tx.usage.transfer(from.path, to.path, pool, size, 1), pool, size);
}

function requireCharged(exceeded: Level | TooManyItems | null, pool: PoolId, needed: Bytes): void {
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

/**
 * Charges or refunds the difference between the size of `media` and `size`.
 *
 * @throws `quota-exceeded`; then roll the transaction back
 */
export async function chargeDifference(tx: Transaction, media: Media, size: Bytes): Promise<void> {
  const group = media.group === null ? null : await tx.groups.find(media.group);
  if (group === null) throw new DomainError('media-not-found');
  const growth = size - media.size;
  if (growth < 0) {
    await tx.usage.refund(group.path, media.pool, bytes(-growth));
    await tx.pools.refund(media.pool, bytes(-growth));
    return;
  }
  await charge(tx, group, media.pool, bytes(growth), 0);
}
