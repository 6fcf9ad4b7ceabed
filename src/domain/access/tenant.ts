import { ROOT_GROUP, type GroupId, type UserId } from '../shared/ids.ts';
import type { Group } from './group.ts';

declare const tenant: unique symbol;

/**
 * The users that share limits with each other: the id of the child of group 0 that their home
 * groups are in. Users whose home is group 0 itself are tenant 0, and users without a home are
 * `WITHOUT_HOME`.
 */
export type TenantId = number & { readonly [tenant]: true };

/** The tenant of all users that have no home group. */
export const WITHOUT_HOME = -1 as TenantId;

/** Who takes part in what is shared out: a user, and the tenant that the user belongs to. */
export interface Shareholder {
  readonly user: UserId;
  readonly tenant: TenantId;
}

/** The tenant of a user with this home group. */
export function tenantOf(home: Pick<Group, 'path'> | null): TenantId {
  if (home === null) return WITHOUT_HOME;
  const branch: GroupId = home.path[1] ?? ROOT_GROUP;
  return branch as number as TenantId;
}
