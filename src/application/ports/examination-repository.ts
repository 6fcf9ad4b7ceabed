import type { Damage } from '../../domain/media/damage.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { BlobId, GroupId, MediaId, PoolId } from '../../domain/shared/ids.ts';

/** The row of a blob, and what it says about the stored bytes. */
export interface BlobRecord {
  readonly id: BlobId;
  /** The number of its location in the pool. */
  readonly location: number;
  /**
   * A media item that needs the bytes; null if none does: they still arrive, or are being deleted.
   */
  readonly media: MediaId | null;
  /** The received bytes; null until the blob is complete. */
  readonly storedBytes: Bytes | null;
  /**
   * Whether a digest of the received bytes is recorded, even of none: then every store has the
   * blob.
   */
  readonly digested: boolean;
  /** Whether an item with this blob is being resized. */
  readonly resizing: boolean;
  /** Whether every item with this blob is read-only. */
  readonly readOnly: boolean;
  /** The size of the largest item with this blob; 0 if there is none. */
  readonly largest: Bytes;
  /** The damage that the last scrub found; null if none is known. */
  readonly damage: Damage | null;
}

/**
 * A usage row that differs from the sum of what counts in it: in bytes, in items, or in both. Pools
 * count no items.
 */
export interface UsageDrift {
  readonly pool: PoolId;
  /** Null for the pool itself. */
  readonly group: GroupId | null;
  readonly used: Bytes;
  readonly counted: Bytes;
  readonly usedItems: number;
  readonly countedItems: number;
}

/** A group that only the capacity of the pool limits. */
export interface UnlimitedGroup {
  readonly group: GroupId;
  readonly name: string;
  readonly pool: PoolId;
}

/**
 * The queries that compare rows with stored blobs: short statements without locks on other work.
 */
export interface ExaminationRepository {
  /** Returns the blobs of a location with an id after `after`, by ascending id, at most `max`. */
  blobsIn(pool: PoolId, location: number, after: BlobId | null, max: number): Promise<readonly BlobRecord[]>;
  /** Returns those of these blobs that belong to the pool, in any of its locations, in no order. */
  blobsAmong(pool: PoolId, ids: readonly BlobId[]): Promise<readonly BlobRecord[]>;
  /**
   * Returns those of these ids that belong to no blob, but to a media item whose blob is in another
   * location of the pool: a copy of its own may be in this one.
   */
  mediaInOtherLocations(pool: PoolId, location: number, ids: readonly BlobId[]): Promise<readonly BlobId[]>;
  /**
   * Returns those of these ids under which the pool stores, or still has to delete, bytes of items
   * that move there or moved away.
   */
  copiesOfMovedItems(pool: PoolId, ids: readonly BlobId[]): Promise<readonly BlobId[]>;
  /** Returns every usage row that differs from the sum of what counts in it, in one snapshot. */
  drift(): Promise<readonly UsageDrift[]>;
  /**
   * Returns groups, except the root, that manage a pool and in which a user other than root may
   * create media, while neither the group nor an ancestor has a quota there; by ascending group and
   * pool, at most `max`.
   */
  unlimitedGroups(max: number): Promise<readonly UnlimitedGroup[]>;
  /**
   * Sets a usage row to the sum of what counts in it, under the lock that charges take. For a
   * transaction that does nothing else.
   */
  recount(pool: PoolId, group: GroupId | null): Promise<void>;
  /**
   * Creates a media item in `removing` for a blob in this location that no row names, so that its
   * id is taken and it is purged like any other. Returns null, and does nothing, if a row names the
   * blob by now.
   */
  adopt(pool: PoolId, location: number, id: BlobId): Promise<MediaId | null>;
}
