import type { Damage } from '../../domain/media/damage.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';
import type { BlobRecord } from './examination-repository.ts';

/** The row of a blob that a scrub may read again. */
export interface ScrubRecord extends BlobRecord {
  readonly pool: PoolId;
  /** Of the received bytes, in lower-case hex; null if none was computed. */
  readonly sha256: string | null;
}

/** Which blobs a scrub reads. */
export interface ScrubSelection {
  readonly pools: readonly PoolId[];
  /** Only blobs last visited before this moment, in seconds by the clock of the database. */
  readonly before: number;
  /** Whether to select only blobs that are marked as damaged. */
  readonly markedOnly: boolean;
  /** Blobs to leave out. */
  readonly excluded: readonly BlobId[];
  readonly max: number;
}

/** Records when blobs were last visited by a scrub, and which are damaged. */
export interface ScrubRepository {
  /** Returns the moment `seconds` ago by the clock of the database, in seconds. */
  momentAgo(seconds: number): Promise<number>;
  /** Returns the finished blobs of a selection, the least recently visited first, by an index. */
  due(selection: ScrubSelection): Promise<readonly ScrubRecord[]>;
  /** Returns the current row of a finished blob, or null. */
  find(id: BlobId): Promise<ScrubRecord | null>;
  /**
   * Records a visit to blobs that were not read, and removes their marks: what users write in place
   * cannot be verified.
   */
  skip(ids: readonly BlobId[]): Promise<void>;
  /**
   * Records the result for the bytes that a record describes: `damage` marks the blob, null removes
   * the mark. Locks the items of the blob until the transaction ends. Returns false, and does
   * nothing, if the record is out of date: the blob has other bytes by now, no item needs it, or,
   * unless it is `immutable`, it can be written to.
   */
  record(record: ScrubRecord, damage: Damage | null, immutable: boolean): Promise<boolean>;
  /** Returns whether a blob is marked as damaged. */
  isMarked(id: BlobId): Promise<boolean>;
  /** Returns the number of damaged blobs of each pool. */
  countMarked(pools: readonly PoolId[]): Promise<ReadonlyMap<PoolId, number>>;
}
