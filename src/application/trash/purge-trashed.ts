import type { Group } from '../../domain/access/group.ts';
import type { Actor } from '../../domain/audit/audit-event.ts';
import type { TrashedMedia } from '../../domain/media/trashed-media.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * The reason why items leave the trash for good: a user asked for it, their time is up, or a
 * charge of their group needs the bytes.
 */
export type PurgeReason = 'requested' | 'expired' | 'yielded';

/**
 * Marks items in the trash of one group for deletion. The caller has locked the group and the
 * items. Records an event for each, and refunds the group once per pool.
 */
export async function purgeTrashed(
  tx: Transaction,
  by: Actor,
  group: Group,
  items: readonly TrashedMedia[],
  reason: PurgeReason,
): Promise<void> {
  const freed = new Map<PoolId, { readonly size: number; readonly count: number }>();
  for (const { media } of items) {
    await tx.audit.record(by, {
      action: 'media.remove',
      media: media.id,
      details: { size: media.size, trash: reason },
    });
    await tx.media.beginRemoval(media.id);
    const { size, count } = freed.get(media.pool) ?? { size: 0, count: 0 };
    freed.set(media.pool, { size: size + media.size, count: count + 1 });
  }
  for (const [pool, { size, count }] of [...freed].sort(([one], [other]) => one - other)) {
    await tx.usage.refund(group.path, pool, bytes(size), count);
  }
}
