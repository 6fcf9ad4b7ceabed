import type { Grant } from '../../domain/access/grant.ts';
import type { Permission } from '../../domain/access/permission.ts';
import type { Batch } from '../../domain/shared/page.ts';
import type { GroupId, UserId, UserUuid } from '../../domain/shared/ids.ts';

/** Who gives a grant. */
export interface Giver {
  /** Null for the operator. */
  readonly user: UserUuid | null;
  /**
   * Whether its grants decide the home group of the user who gets them
   * (docs/velocity.md#home-group).
   */
  readonly decidesHome: boolean;
}

export const OPERATOR: Giver = { user: null, decidesHome: true };

/** A grant with the name of its user. */
export type NamedGrant = Grant & { readonly userName: string };

export interface GrantRepository {
  /**
   * Whether the user holds the permission on any of these groups: hand over a group's path to ask
   * with inheritance.
   */
  holds(user: UserId, permission: Permission, groups: readonly GroupId[]): Promise<boolean>;
  /**
   * Returns which of these permissions the user holds on any of these groups. The grants that give
   * them stay until the transaction ends (key share).
   */
  lockShared(
    user: UserId,
    permissions: readonly Permission[],
    groups: readonly GroupId[],
  ): Promise<ReadonlySet<Permission>>;
  /** Whether the user holds the permission on any group at all. */
  holdsAnywhere(user: UserId, permission: Permission): Promise<boolean>;
  /**
   * Gives a permission and records the giver (the operator, where none is named) and the time.
   * Idempotent: the first giver stays, but one whose grants decide the home group replaces one
   * whose grants do not. The caller has kept the user and the group.
   */
  grant(grant: Grant, giver?: Giver): Promise<void>;
  /** Takes a permission; taking what is not there is fine. */
  revoke(grant: Grant): Promise<void>;
  /** What a user holds, by group, then by permission number. */
  ofUser(user: UserId): Promise<readonly Grant[]>;
  /**
   * As `ofUser`, directly on these groups; for a viewer only on those on which it may view users.
   */
  onGroups(user: UserId, groups: readonly GroupId[], viewer?: UserId | null): Promise<readonly Grant[]>;
  /**
   * What a batch of the users behind `after` hold directly on a group, by user, then by permission
   * number.
   */
  onGroup(group: GroupId, after?: UserId | null): Promise<Batch<NamedGrant, UserId>>;
}
