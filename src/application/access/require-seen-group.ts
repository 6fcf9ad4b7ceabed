import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import type { Permission } from '../../domain/access/permission.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Finds a group and requires a permission on it. For callers without any grant on it, above it or
 * below it, the group does not exist.
 *
 * @throws `group-not-found`, or `permission-missing` for a group that the caller sees
 */
export async function requireSeenGroup(
  tx: Transaction,
  caller: Caller,
  permission: Permission,
  id: GroupId,
): Promise<Group> {
  const { group, holds } = await tx.groups.findFor(caller.id, permission, id);
  if (group === null) throw new DomainError('group-not-found');
  if (holds) return group;
  const [grants, isAncestor] = await Promise.all([
    tx.grants.onGroups(caller.id, group.path),
    tx.groups.isOnlyAncestor(caller.id, group),
  ]);
  if (grants.length === 0 && !isAncestor) throw new DomainError('group-not-found');
  throw new DomainError('permission-missing', { permission });
}
