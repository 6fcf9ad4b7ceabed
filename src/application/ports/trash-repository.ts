import type { TrashFilter, TrashSort } from '../../domain/media/trash-filter.ts';
import type { TrashedMedia } from '../../domain/media/trashed-media.ts';
import type { Permission } from '../../domain/access/permission.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { GroupId, MediaId, PoolId, UserId, UserUuid } from '../../domain/shared/ids.ts';

/** Items in the trash. Their group is charged for them, and no other repository lists them. */
export interface TrashRepository {
  /**
   * Moves a finished item that the caller has locked to the trash: its name becomes free, and its
   * group stays charged.
   */
  add(id: MediaId, by: UserUuid): Promise<void>;
  find(id: MediaId): Promise<TrashedMedia | null>;
  /** As `find`, and locks the item until the transaction ends (for update). */
  lock(id: MediaId): Promise<TrashedMedia | null>;
  /**
   * Makes a locked item ready again, under this name, in the group that it was in.
   *
   * @throws DomainError `media-name-taken`
   */
  restore(id: MediaId, name: string): Promise<void>;
  /**
   * Returns groups with items that have been in their trash for at least `seconds`, by ascending
   * id, at most `max`.
   */
  groupsWith(seconds: number, max: number): Promise<readonly GroupId[]>;
  /** Returns a page of the items in the trash of the groups on which a user lists items. */
  page(user: UserId, filter: TrashFilter, terms: KeysetTerms<TrashSort>): Promise<KeysetPage<TrashedMedia>>;
  /**
   * Returns the groups that have items in their trash, and on which a user holds a permission, by
   * ascending id.
   */
  groupsFor(user: UserId, permission: Permission, filter: TrashFilter): Promise<readonly GroupId[]>;
  /**
   * Locks items that have been in the trash of this group for at least `seconds`, in these pools,
   * at most `max`, and returns them by ascending id.
   */
  lockIn(group: GroupId, pools: readonly PoolId[], seconds: number, max: number): Promise<readonly TrashedMedia[]>;
  /** Returns the number of items in the trash of this group, in these pools. */
  countIn(group: GroupId, pools: readonly PoolId[]): Promise<number>;
  /**
   * Locks the oldest items in the trash of this group in one pool that have `needed` bytes
   * together, at most `max`, and returns them, oldest first. The trash of groups below does not
   * count. Returns fewer bytes when there are no more.
   */
  lockOldest(group: GroupId, pool: PoolId, needed: Bytes, max: number): Promise<readonly TrashedMedia[]>;
}
