import { isOptical, kindOf } from '../../domain/media/label.ts';
import type { Media, StoredBlob } from '../../domain/media/media.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { InstanceId, MediaId } from '../../domain/shared/ids.ts';
import type { ClaimedJob } from '../ports/job-repository.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Makes the source of a job a writable disk with a blob of its own, now that the private copy is
 * complete. Marks the item that held the copy for deletion, with the bytes that no item needs.
 * Returns false, having changed nothing, unless `holder` holds the lease on it.
 *
 * @throws `media-not-found` if the source was removed, `media-busy` while other jobs read the
 *   blob that is to become its own
 */
export async function unshareBytes(
  tx: Transaction,
  { id, source }: ClaimedJob,
  copy: Media,
  holder: InstanceId,
  stored: StoredBlob,
): Promise<boolean> {
  const locked = new Map<MediaId, Media | null>();
  for (const one of [source.media, copy.id].sort()) locked.set(one, await tx.media.lock(one));
  if (!(await tx.changes.storeCopy(copy.id, holder, stored))) return false;
  const of = locked.get(source.media) ?? null;
  if (of?.state !== 'ready') throw new DomainError('media-not-found');
  if (!(await tx.changes.unshare(of, copy, id))) throw new DomainError('media-busy');
  const type = isOptical(of.type) ? kindOf(false).type : of.type;
  await tx.changes.changeKind(of.id, { type, readOnly: false }, null);
  await tx.media.beginRemoval(copy.id);
  return true;
}
