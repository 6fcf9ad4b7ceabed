import { ROOT_GROUP, type GroupId, type UserId } from '../shared/ids.ts';
import type { Group } from './group.ts';

declare const tenant: unique symbol;

/**
 * A set of users that share limits: the id of the child of group 0 that contains their home groups.
 * Users whose home is group 0 itself are tenant 0, users without a home group `WITHOUT_HOME`.
 */
export type TenantId = number & { readonly [tenant]: true };

/** The tenant of all users without a home group. */
export const WITHOUT_HOME = -1 as TenantId;

/** A user and its tenant, between whom a resource is shared. */
export interface Shareholder {
  readonly user: UserId;
  readonly tenant: TenantId;
}

/** Returns the tenant of a user with this home group. */
export function tenantOf(home: Pick<Group, 'path'> | null): TenantId {
  if (home === null) return WITHOUT_HOME;
  const branch: GroupId = home.path[1] ?? ROOT_GROUP;
  return branch as number as TenantId;
}
