import type { Damage } from '../../domain/media/damage.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';
import type { BlobRecord } from './examination-repository.ts';

/** What the database knows of one blob whose bytes may have to be read again. */
export interface ScrubRecord extends BlobRecord {
  readonly pool: PoolId;
  /** In lower-case hex, of the bytes that came in; null where nobody counted them. */
  readonly sha256: string | null;
}

/** Which blobs are to be read again. */
export interface ScrubSelection {
  readonly pools: readonly PoolId[];
  /** Those that nobody came by since this moment. */
  readonly before: number;
  /** Only those that are marked. */
  readonly markedOnly: boolean;
  /** But for these. */
  readonly without: readonly BlobId[];
  readonly max: number;
}

/** Remembers which blobs were read again, and marks those that are damaged. */
export interface ScrubRepository {
  /** The moment that lies `seconds` before this one by the clock of the database, in seconds. */
  momentAgo(seconds: number): Promise<number>;
  /**
   * The finished blobs of a selection, those that nobody came by for the longest time first, by an
   * index, however many others there are.
   */
  due(selection: ScrubSelection): Promise<readonly ScrubRecord[]>;
  /** A finished blob as it stands, or null. */
  find(id: BlobId): Promise<ScrubRecord | null>;
  /**
   * Notes that somebody came by these. They lose their marks: whoever may write to them decides
   * what is right.
   */
  skip(ids: readonly BlobId[]): Promise<void>;
  /**
   * Notes what was found of the bytes that a record speaks of: `damage` marks them, null takes the
   * mark away. The blob's media stay as they are until the transaction ends. Answers false, and
   * does nothing, where the record does not hold any more: other bytes are to be there by now,
   * nobody needs them, or, unless they are `immutable`, somebody may write to them.
   */
  record(record: ScrubRecord, damage: Damage | null, immutable: boolean): Promise<boolean>;
  /** Whether a blob is marked. */
  isMarked(id: BlobId): Promise<boolean>;
  /** How many blobs are marked in each of these pools. */
  countMarked(pools: readonly PoolId[]): Promise<ReadonlyMap<PoolId, number>>;
}
