import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import type { Permission } from '../../domain/access/permission.ts';
import type { LibraryDrive } from '../../domain/library/library-drive.ts';
import type { Media } from '../../domain/media/media.ts';
import { rightsOf, type PoolRights } from '../../domain/pools/assignment.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { requirePermission } from '../access/require-permission.ts';
import { requireUnmoved, type OwnedMedia } from '../media/require-unmoved.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** An item that the caller sees, in any state but `removing`. */
export interface VisibleMedia {
  readonly media: Media;
  readonly group: Group;
  /** The rights of its group on the pool. */
  readonly rights: PoolRights;
}

export type VisibilityFailure = 'media-not-found' | 'media-published';

/** Refusals of a change, besides those of an item that the caller does not see. */
export type ChangeFailure = VisibilityFailure | 'permission-missing' | 'not-manager' | 'not-writer' | 'media-busy';

/**
 * Finds an item that the caller sees: the caller holds `velocity.media.list` on its group, and the
 * pool is assigned to the group (docs/cloudsigma.md#who-may-what). `id` is null for a string that
 * cannot be an id.
 *
 * @throws `media-not-found` for an item that the caller does not see, `media-published` for a
 *   library drive, which belongs to no group
 */
export async function requireVisible(tx: Transaction, caller: Caller, id: MediaId | null): Promise<VisibleMedia> {
  const media = id === null ? null : await tx.media.find(id);
  const group = media?.group == null ? null : await tx.groups.find(media.group);
  if (media === null || group === null) throw new DomainError('media-not-found');
  if (await tx.library.has(media.id)) {
    throw new DomainError(
      (await visibleLibraryDrive(tx, caller, media.id)) === null ? 'media-not-found' : 'media-published',
    );
  }
  const rights = rightsOf(group.id, await tx.assignments.find(group.id, media.pool));
  const mayList = await tx.grants.holds(caller.id, 'velocity.media.list', group.path);
  if (rights === null || !mayList) throw new DomainError('media-not-found');
  return { media, group, rights };
}

/**
 * Finds a library drive that the caller sees: a published one, or a withdrawn one that a server of
 * the caller still has.
 */
export async function visibleLibraryDrive(tx: Transaction, caller: Caller, id: MediaId): Promise<LibraryDrive | null> {
  return (await tx.library.find(id, caller.uuid)) ?? (await tx.library.findAttached(id, caller.uuid));
}

/**
 * Requires `permission` on the group of an item, and that the group manages the pool.
 *
 * @throws `permission-missing` or `not-manager`
 */
export async function requireChange(
  tx: Transaction,
  caller: Caller,
  { group, rights }: VisibleMedia,
  permission: Permission,
): Promise<void> {
  await requirePermission(tx, caller, permission, group);
  if (!rights.manage) throw new DomainError('not-manager');
}

/**
 * Locks a visible item and its group until the transaction ends. Returns it as it is then.
 *
 * @throws `media-not-found` if it was removed meanwhile, `media-busy` if it moved to another group
 *   or pool meanwhile: the rights there were not checked
 */
export async function lockVisible(tx: Transaction, { media, group }: VisibleMedia): Promise<OwnedMedia> {
  const locked = (await tx.groups.lockShared(group.id)) && (await tx.media.lock(media.id));
  if (locked === null) throw new DomainError('media-not-found');
  return requireUnmoved(locked, { group: group.id, pool: media.pool });
}

/**
 * Refuses an item that is not ready; if its bytes are to change, also one that a job reads
 * (docs/cloudsigma.md#drives).
 *
 * @throws `media-busy`
 */
export async function requireIdle(tx: Transaction, media: Media, touchesBytes: boolean): Promise<void> {
  const jobs = media.state === 'ready' && touchesBytes ? await tx.jobs.about([media.id]) : [];
  if (media.state !== 'ready' || jobs.length > 0) throw new DomainError('media-busy');
}
