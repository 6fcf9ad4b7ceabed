import type { Actor, AuditEvent } from '../../domain/audit/audit-event.ts';
import type { Media } from '../../domain/media/media.ts';
import type { GroupId, MediaId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Marks a media item for deletion: it leaves all lists, its name becomes free, and its group is
 * refunded. `Purge` deletes the bytes later. `path` is the path of its group, which the caller has
 * locked, like the item. `abandoned` as in `MediaRepository.beginRemoval`.
 */
export async function markForDeletion(
  tx: Transaction,
  media: Media,
  path: readonly GroupId[],
  abandoned = false,
): Promise<void> {
  await tx.media.beginRemoval(media.id, abandoned);
  await tx.usage.refund(path, media.pool, media.size, 1);
}

/**
 * Locks an item in the right order and marks it for deletion if `condition` holds. Records `audit`,
 * if given. Returns false when the item or its group is deleted or being deleted, or `condition`
 * does not hold.
 */
export async function markForDeletionIf(
  tx: Transaction,
  id: MediaId,
  condition: (media: Media) => boolean | Promise<boolean>,
  audit?: { readonly by: Actor } & Pick<AuditEvent, 'action' | 'result'>,
): Promise<boolean> {
  const found = await tx.media.find(id);
  const group = found?.group == null ? null : await tx.groups.lockShared(found.group);
  if (group === null) return false;
  const media = await tx.media.lock(id);
  if (media?.group !== group.id || !(await condition(media))) return false;
  if (audit !== undefined) {
    const { by, ...event } = audit;
    await tx.audit.record(by, { ...event, media: id, details: { size: media.size } });
  }
  await markForDeletion(tx, media, group.path, audit?.action === 'media.abandon');
  return true;
}
