import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import type { Permission } from '../../domain/access/permission.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP, type GroupId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Requires that the caller holds `permission` on `group` or a group above it. A group that does not
 * exist (null) is judged as the root, so that only callers who hold the permission there learn that
 * it is missing (docs/velocity.md#permissions).
 *
 * @throws `permission-missing`
 */
export async function requirePermission(
  tx: Transaction,
  caller: Caller,
  permission: Permission,
  group: Group | null,
): Promise<void> {
  const path = group?.path ?? [ROOT_GROUP];
  if (!(await tx.grants.holds(caller.id, permission, path)))
    throw new DomainError('permission-missing', { permission });
}

/**
 * Whether a caller may list what belongs to a group. Returns false for a group that the caller sees
 * only as an ancestor of its own groups: a client that asks for each group in its list gets an
 * empty list (docs/velocity.md#memberships-and-ancestors).
 *
 * @throws `permission-missing` or `group-not-found`
 */
export async function mayListIn(
  tx: Transaction,
  caller: Caller,
  permission: Permission,
  id: GroupId,
): Promise<boolean> {
  const { group, holds } = await tx.groups.findFor(caller.id, permission, id);
  if (!holds) {
    if (group !== null && (await tx.groups.isOnlyAncestor(caller.id, group))) return false;
    throw new DomainError('permission-missing', { permission });
  }
  if (group === null) throw new DomainError('group-not-found');
  return true;
}

/**
 * Whether a caller administers users like the operator: holds `velocity.user.assign` on the root.
 */
export async function mayAssignEverywhere(tx: Transaction, caller: Caller): Promise<boolean> {
  return tx.grants.holds(caller.id, 'velocity.user.assign', [ROOT_GROUP]);
}

/**
 * Finds a group and requires a permission on it, without locking.
 *
 * @throws `permission-missing` or `group-not-found`
 */
export async function requireGroup(
  tx: Transaction,
  caller: Caller,
  permission: Permission,
  id: GroupId,
): Promise<Group> {
  const { group, holds } = await tx.groups.findFor(caller.id, permission, id);
  if (!holds) throw new DomainError('permission-missing', { permission });
  if (group === null) throw new DomainError('group-not-found');
  return group;
}

/**
 * Requires that the caller holds `permission` on any group: for permissions that do not concern one
 * group.
 *
 * @throws `permission-missing`
 */
export async function requirePermissionAnywhere(
  tx: Transaction,
  caller: Caller,
  permission: Permission,
): Promise<void> {
  if (!(await tx.grants.holdsAnywhere(caller.id, permission)))
    throw new DomainError('permission-missing', { permission });
}
