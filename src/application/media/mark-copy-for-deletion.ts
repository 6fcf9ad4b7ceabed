import type { MediaId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Locks the copy of an item that moves and marks it for deletion: its name becomes free and its
 * group is refunded. The item stays as it is. Returns false if it has changed over, or is deleted
 * or being deleted.
 */
export async function markCopyForDeletion(tx: Transaction, id: MediaId): Promise<boolean> {
  const found = await tx.itemMoves.findCopy(id);
  const group = found === null ? null : await tx.groups.lockShared(found.group);
  if (group === null) return false;
  const copy = await tx.media.lock(id);
  if (copy?.state !== 'moving') return false;
  await tx.media.beginRemoval(id);
  await tx.usage.refund(group.path, copy.pool, copy.size, 1);
  return true;
}
