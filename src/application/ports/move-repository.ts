import type { OwnedBlob, PlannedCopy } from '../../domain/pools/move-plan.ts';
import type { StoredBlob } from '../../domain/media/media.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';

/** A copy that lies in the other place. */
export interface MadeCopy extends PlannedCopy {
  readonly stored: StoredBlob;
}

/** How much lies in one place of a pool. */
export interface LocationLoad {
  readonly blobs: number;
  readonly bytes: Bytes;
}

/** What whoever moves a pool asks the database. */
export interface MoveRepository {
  /** The place that new bytes of the pool go to; null for a pool that was never prepared. */
  writesTo(pool: PoolId): Promise<number | null>;
  /** What lies in a place of the pool, as far as it came in. */
  load(pool: PoolId, location: number): Promise<LocationLoad>;
  /** The blobs in a place of the pool by ascending id after `after`, at most `most`. */
  blobsIn(
    pool: PoolId,
    location: number,
    after: BlobId | null,
    max: number,
  ): Promise<readonly { readonly id: BlobId }[]>;
  find(blob: BlobId): Promise<OwnedBlob | null>;
  /**
   * As `find`, and neither the blob nor its media change, nor does anybody come to share it, until
   * the transaction ends.
   */
  lock(blob: BlobId): Promise<OwnedBlob | null>;
  /**
   * Lets the media of a locked blob have these copies of it, which lie in `place`, and forgets the
   * blob where none of them has its id. Answers false, and does nothing, while a job reads a blob
   * that would be forgotten, or another blob has the id of a copy.
   */
  switchOver(blob: OwnedBlob, location: number, copies: readonly MadeCopy[]): Promise<boolean>;
}
