import { reaches } from '../../domain/access/api-token.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { requireCreation } from '../../domain/uploads/creation-rights.ts';
import type { Upload, UploadId, UploadState } from '../../domain/uploads/upload.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import type { UploadView } from './upload-view.ts';

/** An upload that did not end. */
export type LiveUpload = Upload & { readonly state: Exclude<UploadState, 'ended'> };

/**
 * Returns an upload that is appended to, to its creator and to callers that may remove media of its
 * group.
 *
 * @throws DomainError `unknown-upload` or `upload-gone`
 */
export async function requireUpload(tx: Transaction, caller: Caller, id: UploadId | null): Promise<LiveUpload> {
  const upload = id === null ? null : await tx.uploads.find(id);
  if (upload === null || upload.chunked || upload.imported) throw new DomainError('unknown-upload');
  const isLimited = (caller.token?.groups ?? null) !== null;
  if (upload.creator !== caller.uuid || isLimited) {
    const group = await tx.groups.find(upload.group);
    const isOwn = upload.creator === caller.uuid && group !== null && reaches(caller, group.path);
    const sees = isOwn || (group !== null && (await tx.grants.holds(caller.id, 'velocity.media.remove', group.path)));
    if (!sees) throw new DomainError('unknown-upload');
  }
  if (upload.state === 'ended') throw new DomainError('upload-gone');
  return { ...upload, state: upload.state };
}

/**
 * Requires that a user may still create what it uploads.
 *
 * @throws DomainError `permission-missing`, `group-not-found` or `not-manager`
 */
export async function requireCreator(tx: Transaction, user: UserId, { group: id, pool }: Upload): Promise<void> {
  const [{ group, holds }, assigned] = await Promise.all([
    tx.groups.findFor(user, 'velocity.media.create', id),
    tx.assignments.find(id, pool),
  ]);
  requireCreation({ group, holds, assigned });
}

/**
 * As `requireCreator`, and protects the group from removal until the transaction ends. The
 * statements are sent together, the one that locks first.
 */
export async function lockCreator(tx: Transaction, user: UserId, upload: Upload): Promise<void> {
  await Promise.all([tx.groups.lockShared(upload.group), requireCreator(tx, user, upload)]);
}

/** Presents an upload. */
export function viewOf(upload: LiveUpload): UploadView {
  const { id, name, group, pool, length, offset, state, metadata, expiresAt } = upload;
  return { id, name, group, pool, length, offset, state, metadata, expiresAt, media: state === 'finished' ? id : null };
}
