import type { Media, StoredBlob } from '../../domain/media/media.ts';
import type { GroupId, InstanceId, JobId, MediaId, PoolId } from '../../domain/shared/ids.ts';

/** The copy of an item that moves to another pool. */
export interface NewMovingCopy {
  readonly id: MediaId;
  readonly item: MediaId;
  /** The group that is charged for it. */
  readonly group: GroupId;
  readonly pool: PoolId;
  /** Whether the item is to be a file of its own id there. */
  readonly ownsFile: boolean;
}

/** A copy with the group that is charged for it. */
export interface MovingCopy {
  readonly media: Media;
  readonly group: GroupId;
}

/** An item that changes over to its copy. Both are locked. */
export interface SwitchOver {
  readonly item: Media;
  readonly copy: Media;
  /** The new group of the item. */
  readonly group: GroupId;
  /** The blob of the copy. */
  readonly stored: StoredBlob;
  /** The job that carried the bytes. */
  readonly job: JobId;
  /** How long the old bytes stay, because clients may have URLs to them. 0: the lease stays. */
  readonly retireSeconds: number;
}

/**
 * Moves of items between groups and pools. The caller has locked the item and both groups, and
 * moves the charge in the same transaction.
 */
export interface ItemMoveRepository {
  /** Gives an item in `ready` to another group. */
  changeGroup(id: MediaId, group: GroupId): Promise<void>;
  /**
   * Stores the copy of an item in `moving`, without a lease: it has the name of the item in its new
   * pool, and the group is charged for it. Returns false, and does nothing, if its file would have
   * the id of a blob that other items share, or that still exists there.
   *
   * @throws DomainError `media-name-taken`, or `media-busy` while former bytes of the item are
   *   deleted in that pool
   */
  insertCopy(copy: NewMovingCopy): Promise<boolean>;
  /** Returns an item in `moving`; null if it is in no such state. */
  findCopy(id: MediaId): Promise<MovingCopy | null>;
  /** Returns whether the item is in `moving` and `holder` has its lease. */
  isHeld(id: MediaId, holder: InstanceId): Promise<boolean>;
  /**
   * Gives the pool, the group and the blob of the copy to the item, and those of the item to the
   * copy, which is in `removing` then. Returns false, and does nothing, while other items share, or
   * other jobs read, a blob that has to change its pool because its id stays.
   */
  switchOver(order: SwitchOver): Promise<boolean>;
}
