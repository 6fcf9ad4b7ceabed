import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import type { Permission } from '../../domain/access/permission.ts';
import type { TrashedMedia } from '../../domain/media/trashed-media.ts';
import { rightsOf } from '../../domain/pools/assignment.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { requirePermission } from '../access/require-permission.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** Refusals of a change to an item in the trash. */
export type TrashFailure = 'media-not-found' | 'permission-missing' | 'not-manager';

/**
 * Locks an item in the trash and its group, for a caller who holds `velocity.media.list` and
 * `permission` on the group, which manages the pool.
 *
 * @throws `media-not-found` for an item that is not in the trash or that the caller does not see,
 *   `permission-missing` or `not-manager`
 */
export async function lockTrashed(
  tx: Transaction,
  caller: Caller,
  id: MediaId,
  permission: Permission,
): Promise<{ readonly trashed: TrashedMedia; readonly group: Group }> {
  const found = await tx.trash.find(id);
  const group = found === null ? null : await tx.groups.lockShared(found.group);
  if (found === null || group === null) throw new DomainError('media-not-found');
  const rights = rightsOf(group.id, await tx.assignments.find(group.id, found.media.pool));
  const mayList = await tx.grants.holds(caller.id, 'velocity.media.list', group.path);
  if (rights === null || !mayList) throw new DomainError('media-not-found');
  await requirePermission(tx, caller, permission, group);
  if (!rights.manage) throw new DomainError('not-manager');
  const trashed = await tx.trash.lock(found.media.id);
  if (trashed?.group !== group.id || trashed.media.pool !== found.media.pool) throw new DomainError('media-not-found');
  return { trashed, group };
}
