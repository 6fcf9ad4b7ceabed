import type { Grant } from '../../domain/access/grant.ts';
import type { Permission } from '../../domain/access/permission.ts';
import type { UserSort } from '../../domain/access/user-sort.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { Batch } from '../../domain/shared/page.ts';
import type { GroupId, UserId, UserUuid } from '../../domain/shared/ids.ts';

/** The user who grants a permission. */
export interface Giver {
  /** Null for the operator. */
  readonly user: UserUuid | null;
  /** Whether its grants decide the home group of the grantee (docs/velocity.md#home-group). */
  readonly decidesHome: boolean;
}

export const OPERATOR: Giver = { user: null, decidesHome: true };

/** A grant with the name of its user. */
export type NamedGrant = Grant & { readonly userName: string };

/** A user with the permissions that it holds directly on one group, sorted by name. */
export interface Holder {
  readonly id: UserId;
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/** A user with its grants on several groups, by permission number, then from the root down. */
export interface Grantee {
  readonly id: UserId;
  readonly name: string;
  readonly grants: readonly Pick<Grant, 'permission' | 'group'>[];
}

/** The permissions of users on groups. */
export interface GrantRepository {
  /**
   * Returns whether the user holds the permission on any of these groups. Pass the path of a group
   * to include inherited permissions.
   */
  holds(user: UserId, permission: Permission, groups: readonly GroupId[]): Promise<boolean>;
  /**
   * Returns which of these permissions the user holds on any of these groups, and locks their
   * grants until the transaction ends (for key share).
   */
  lockShared(
    user: UserId,
    permissions: readonly Permission[],
    groups: readonly GroupId[],
  ): Promise<ReadonlySet<Permission>>;
  /** Returns whether the user holds the permission on any group. */
  holdsAnywhere(user: UserId, permission: Permission): Promise<boolean>;
  /**
   * Grants a permission and records the giver (the operator by default) and the time. The caller
   * has locked the user and the group. Idempotent: the first giver stays, but a giver whose grants
   * decide the home group replaces one whose grants do not.
   */
  grant(grant: Grant, giver?: Giver): Promise<void>;
  /** Revokes a permission. Idempotent. */
  revoke(grant: Grant): Promise<void>;
  /** Returns the grants of a user, by group, then by permission number. */
  ofUser(user: UserId): Promise<readonly Grant[]>;
  /**
   * As `ofUser`, on these groups themselves; for a viewer, only on those where the viewer may view
   * users.
   */
  onGroups(user: UserId, groups: readonly GroupId[], viewer?: UserId | null): Promise<readonly Grant[]>;
  /** Returns a page of the users with grants on a group itself. One statement. */
  membersPage(group: GroupId, terms: KeysetTerms<UserSort>): Promise<KeysetPage<Holder>>;
  /**
   * Returns a page of the users with grants on any of these groups, from the root down. One
   * statement.
   */
  granteesPage(path: readonly GroupId[], terms: KeysetTerms<UserSort>): Promise<KeysetPage<Grantee>>;
  /**
   * Returns a batch of the grants on a group itself, of the users after `after`, by user, then by
   * permission number.
   */
  onGroup(group: GroupId, after?: UserId | null): Promise<Batch<NamedGrant, UserId>>;
}
