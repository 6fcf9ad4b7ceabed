import type { Group } from '../../domain/access/group.ts';
import type { Permission } from '../../domain/access/permission.ts';
import type { Batch } from '../../domain/shared/page.ts';
import type { GroupId, UserId } from '../../domain/shared/ids.ts';

/** Where a list of groups goes on. */
export interface GroupPlace {
  /** The last group that was read. */
  readonly id: GroupId;
  /** The next ones, where they are known already. */
  readonly ahead: readonly GroupId[];
  /** Whether nothing is behind `ahead`. */
  readonly isAll: boolean;
}

export interface GroupRepository {
  find(id: GroupId): Promise<Group | null>;
  /**
   * Finds a group, and whether a user holds a permission on it or on a group above it; on the root
   * where there is no such group.
   */
  findFor(
    user: UserId,
    permission: Permission,
    id: GroupId,
  ): Promise<{ readonly group: Group | null; readonly holds: boolean }>;
  /**
   * Finds a group and keeps it from being removed until the transaction ends (key share). Null if
   * it is gone, also when it was being removed and that removal went through.
   */
  lockShared(id: GroupId): Promise<Group | null>;
  /** Makes a group below `parent`, which the caller has kept. Fails with `group-name-taken`. */
  insert(parent: Group, name: string): Promise<Group>;
  /**
   * Locks a group and everything below it for removal (for update, by ascending id): from here on
   * nothing can be charged to any of them, and what was being charged has ended. Answers their ids;
   * empty if the group is gone.
   */
  lockTree(id: GroupId): Promise<readonly GroupId[]>;
  /**
   * Removes these groups with their grants, assignments and usage rows. No media may name them any
   * more.
   */
  remove(ids: readonly GroupId[]): Promise<void>;
  /**
   * The home group of a user (docs/velocity.md#home-group): the one that was set; where none ever
   * was, that of the oldest grant of `velocity.media.create` that decides it. Null where the user
   * does not hold that permission there any more, where the group is gone, and for a user without
   * such a grant.
   */
  homeOf(user: UserId): Promise<Group | null>;
  /** Whether a user holds grants below a group, and none on it or above it. */
  isOnlyAncestor(user: UserId, group: Group): Promise<boolean>;
  /**
   * A batch of the groups that a user holds a grant on, all below those, and their ancestors,
   * parents before children.
   */
  listVisible(user: UserId, after?: GroupPlace | null): Promise<Batch<Group, GroupPlace>>;
  /**
   * A batch of the groups that a user holds a grant on, and their ancestors, parents before
   * children. For a viewer it has only groups on which that one may view users, and their
   * ancestors.
   */
  listMemberships(user: UserId, viewer: UserId | null, after?: GroupPlace | null): Promise<Batch<Group, GroupPlace>>;
}
