import type { GroupId, UserId } from '../shared/ids.ts';
import type { Permission } from './permission.ts';

/** A user's permission on one group, and so on everything below it. */
export interface Grant {
  readonly user: UserId;
  readonly group: GroupId;
  readonly permission: Permission;
}

/**
 * Whether `grants`, all of one user, give `permission` on the group with this path: directly, or on
 * a group above it.
 */
export function grantsPermission(grants: readonly Grant[], permission: Permission, path: readonly GroupId[]): boolean {
  return grants.some((grant) => grant.permission === permission && path.includes(grant.group));
}
