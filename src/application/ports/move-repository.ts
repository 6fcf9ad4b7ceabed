import type { OwnedBlob, PlannedCopy } from '../../domain/pools/move-plan.ts';
import type { StoredBlob } from '../../domain/media/media.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';

/** A copy that is stored in the other location. */
export interface StoredCopy extends PlannedCopy {
  readonly stored: StoredBlob;
}

/** How much a location of a pool stores. */
export interface LocationLoad {
  readonly blobs: number;
  readonly bytes: Bytes;
}

/** The queries and updates of a pool move. */
export interface MoveRepository {
  /** Returns the number of the location for new bytes; null for a pool that was never prepared. */
  writesTo(pool: PoolId): Promise<number | null>;
  /** Returns how many blobs and received bytes a location holds. */
  load(pool: PoolId, location: number): Promise<LocationLoad>;
  /** Returns the blobs of a location with an id after `after`, by ascending id, at most `max`. */
  blobsIn(
    pool: PoolId,
    location: number,
    after: BlobId | null,
    max: number,
  ): Promise<readonly { readonly id: BlobId }[]>;
  find(blob: BlobId): Promise<OwnedBlob | null>;
  /**
   * As `find`, and locks the blob and its items until the transaction ends: they do not change, and
   * no other item can share the blob.
   */
  lock(blob: BlobId): Promise<OwnedBlob | null>;
  /**
   * Assigns these copies, which lie in `location`, to the items of a locked blob, and deletes the
   * row of the blob if no copy has its id. Returns false, and does nothing, while a job reads a
   * blob whose row would be deleted, or if another blob has the id of a copy.
   */
  switchOver(blob: OwnedBlob, location: number, copies: readonly StoredCopy[]): Promise<boolean>;
}
