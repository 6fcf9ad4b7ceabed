import type { GroupId, UserId } from '../shared/ids.ts';
import type { Permission } from './permission.ts';

/** A permission of a user on a group and all its descendants. */
export interface Grant {
  readonly user: UserId;
  readonly group: GroupId;
  readonly permission: Permission;
}

/**
 * Returns whether `grants`, all of one user, include `permission` on the group with this path or on
 * an ancestor.
 */
export function grantsPermission(grants: readonly Grant[], permission: Permission, path: readonly GroupId[]): boolean {
  return grants.some((grant) => grant.permission === permission && path.includes(grant.group));
}
