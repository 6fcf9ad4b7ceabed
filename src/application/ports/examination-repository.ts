import type { Damage } from '../../domain/media/damage.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { BlobId, GroupId, MediaId, PoolId } from '../../domain/shared/ids.ts';

/** What the database knows of one blob, and what that promises about its bytes. */
export interface BlobRecord {
  readonly id: BlobId;
  /** The number of the place, among those of its pool, where it lies. */
  readonly location: number;
  /**
   * Some media that need the bytes; null where none do: they are still to come, or on their way
   * out.
   */
  readonly media: MediaId | null;
  /** How many bytes came in; null until they are all there. */
  readonly storedBytes: Bytes | null;
  /** Whether bytes came in that were counted, be it none: then they stand in every store. */
  readonly digested: boolean;
  /** Whether media of it are given another size at this moment. */
  readonly resizing: boolean;
  /** Whether nobody may write to it. */
  readonly readOnly: boolean;
  /** The largest of its media; 0 where there are none. */
  readonly largest: Bytes;
  /**
   * What was found of its bytes when they were last read again; null where nothing is wrong with
   * them as far as is known.
   */
  readonly damage: Damage | null;
}

/**
 * A usage that is not the sum of what counts in it: in bytes, in items, or in both. Pools count no
 * items.
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

/** A group that may fill a pool as far as the pool goes. */
export interface UnlimitedGroup {
  readonly group: GroupId;
  readonly name: string;
  readonly pool: PoolId;
}

/**
 * What whoever compares rows with bytes asks the database, in short statements that wait for
 * nobody.
 */
export interface ExaminationRepository {
  /** The blobs in one place of a pool by ascending id after `after`, at most `most`. */
  blobsIn(pool: PoolId, location: number, after: BlobId | null, max: number): Promise<readonly BlobRecord[]>;
  /** Those of these blobs that there are in a pool, wherever in it, in no order. */
  blobsAmong(pool: PoolId, ids: readonly BlobId[]): Promise<readonly BlobRecord[]>;
  /**
   * Those of these ids that are not of blobs but of media whose bytes lie in another place of the
   * pool than this: a copy of their own may lie here.
   */
  mediaInOtherLocations(pool: PoolId, location: number, ids: readonly BlobId[]): Promise<readonly BlobId[]>;
  /** Every usage that is not the sum of what counts in it, all at one moment. */
  drift(): Promise<readonly UsageDrift[]>;
  /**
   * Groups other than the root's that manage a pool, in which a user other than root may create
   * media, while neither the group nor any above it has a quota there; by ascending group and pool,
   * at most `most`.
   */
  unlimitedGroups(max: number): Promise<readonly UnlimitedGroup[]>;
  /**
   * Sets a usage to the sum of what counts in it, under the lock that charges take. For a
   * transaction that does nothing else.
   */
  recount(pool: PoolId, group: GroupId | null): Promise<void>;
  /**
   * Makes media in `removing` of bytes in one place of a pool that no row names, so that nobody
   * else comes by their id and they are taken away as any others. Answers null, and does nothing,
   * where a row names them by now.
   */
  adopt(pool: PoolId, location: number, id: BlobId): Promise<MediaId | null>;
}
