import type { Actor, AuditEvent } from '../../domain/audit/audit-event.ts';
import type { Media } from '../../domain/media/media.ts';
import type { GroupId, MediaId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Takes media out of use: nobody lists them any more, their name is free, their group's usage is
 * given back. Their bytes go afterwards (`Purge`). `abandoned` as in
 * `MediaRepository.beginRemoval`. The caller has kept the group whose path this is, and locked the
 * media.
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
 * As `markForDeletion`, in the right order of locks, for media that still are what `mayGo` asks
 * for. Answers whether it took them; not when they, or their group with them, are gone or going
 * already. `written` is what the audit is to say of it.
 */
export async function markForDeletionIf(
  tx: Transaction,
  id: MediaId,
  mayGo: (media: Media) => boolean | Promise<boolean>,
  written?: { readonly by: Actor } & Pick<AuditEvent, 'action' | 'result'>,
): Promise<boolean> {
  const seen = await tx.media.find(id);
  const group = seen?.group == null ? null : await tx.groups.lockShared(seen.group);
  if (group === null) return false;
  const media = await tx.media.lock(id);
  if (media === null || !(await mayGo(media))) return false;
  if (written !== undefined) {
    const { by, ...event } = written;
    await tx.audit.record(by, { ...event, media: id, details: { size: media.size } });
  }
  await markForDeletion(tx, media, group.path, written?.action === 'media.abandon');
  return true;
}
