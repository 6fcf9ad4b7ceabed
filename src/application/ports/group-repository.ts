import type { Group } from '../../domain/access/group.ts';
import type { Permission } from '../../domain/access/permission.ts';
import type { GroupSort } from '../../domain/access/group-sort.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { Batch } from '../../domain/shared/page.ts';
import type { GroupId, UserId } from '../../domain/shared/ids.ts';

/** How far a list of groups was read. */
export interface GroupCursor {
  /** The last group that was read. */
  readonly id: GroupId;
  /** The next groups, if they are known already. */
  readonly ahead: readonly GroupId[];
  /** Whether `ahead` ends the list. */
  readonly isAll: boolean;
}

/** The tree of groups. */
export interface GroupRepository {
  find(id: GroupId): Promise<Group | null>;
  /**
   * Finds a group, and whether a user holds a permission on it or on an ancestor; on the root if
   * there is no such group.
   */
  findFor(
    user: UserId,
    permission: Permission,
    id: GroupId,
  ): Promise<{ readonly group: Group | null; readonly holds: boolean }>;
  /**
   * Finds a group and protects it from removal until the transaction ends (for key share). Waits
   * for a removal under way; null if the group does not exist then.
   */
  lockShared(id: GroupId): Promise<Group | null>;
  /** Returns a group that `visiblePage` lists for the user, or null. */
  findVisible(user: UserId, id: GroupId): Promise<Group | null>;
  /**
   * Returns a page of the groups on which a user holds a grant, their descendants and their
   * ancestors: all of them, or the children of a group. One statement.
   */
  visiblePage(user: UserId, parent: GroupId | null, terms: KeysetTerms<GroupSort>): Promise<KeysetPage<Group>>;
  /** Finds a group and locks it until the transaction ends (for no key update). */
  lock(id: GroupId): Promise<Group | null>;
  /**
   * Renames a group that the caller has locked.
   *
   * @throws DomainError `group-name-taken`
   */
  rename(id: GroupId, name: string): Promise<void>;
  /**
   * Creates a group below `parent`, which the caller has locked.
   *
   * @throws DomainError `group-name-taken`
   */
  insert(parent: Group, name: string): Promise<Group>;
  /**
   * Locks a group and its descendants for removal (for update, by ascending id), once charges under
   * way have ended; new charges wait. Returns their ids; empty if the group does not exist.
   */
  lockTree(id: GroupId): Promise<readonly GroupId[]>;
  /**
   * Deletes these groups with their grants, assignments and usage rows. No media item may belong to
   * them any more.
   */
  remove(ids: readonly GroupId[]): Promise<void>;
  /**
   * Returns the home group of a user (docs/velocity.md#home-group): the one that was set; if none
   * ever was, the group of the oldest grant of `velocity.media.create` that decides it. Null if the
   * user has no such grant, no longer holds the permission there, or the group was removed.
   */
  homeOf(user: UserId): Promise<Group | null>;
  /** Returns whether a user holds grants below a group, and none on it or above it. */
  isOnlyAncestor(user: UserId, group: Group): Promise<boolean>;
  /**
   * Returns a batch of the groups on which a user holds a grant, their descendants and their
   * ancestors, parents before children.
   */
  listVisible(user: UserId, after?: GroupCursor | null): Promise<Batch<Group, GroupCursor>>;
  /**
   * Returns a batch of the groups on which a user holds a grant, and their ancestors, parents
   * before children. For a viewer, only groups on which the viewer may view users, and their
   * ancestors.
   */
  listMemberships(user: UserId, viewer: UserId | null, after?: GroupCursor | null): Promise<Batch<Group, GroupCursor>>;
}
