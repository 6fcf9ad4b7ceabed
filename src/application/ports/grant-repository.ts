import type { Grant } from '../../domain/access/grant.ts';
import type { Permission } from '../../domain/access/permission.ts';
import type { GroupId, UserId } from '../../domain/shared/ids.ts';

export interface GrantRepository {
  /** Whether the user holds the permission on any of these groups: hand over a group's path to ask with inheritance. */
  holds(user: UserId, permission: Permission, groups: readonly GroupId[]): Promise<boolean>;
  /**
   * Returns which of these permissions the user holds on any of these groups. The grants that give them stay until the
   * transaction ends (key share).
   */
  lockShared(
    user: UserId,
    permissions: readonly Permission[],
    groups: readonly GroupId[],
  ): Promise<ReadonlySet<Permission>>;
  /** Whether the user holds the permission on any group at all. */
  holdsAnywhere(user: UserId, permission: Permission): Promise<boolean>;
  /** Gives a permission; giving it twice is fine. The caller has kept the user and the group. */
  give(grant: Grant): Promise<void>;
  /** Takes a permission; taking what is not there is fine. */
  take(grant: Grant): Promise<void>;
  /** What a user holds, by group, then by permission number. */
  ofUser(user: UserId): Promise<readonly Grant[]>;
  /** Who holds what directly on a group, by user, then by permission number; with the users' names. */
  onGroup(group: GroupId): Promise<readonly (Grant & { readonly userName: string })[]>;
}
