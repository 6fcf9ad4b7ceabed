import type { BlobId, MediaId } from '../shared/ids.ts';

/**
 * Returns the id of the blob that only this item uses. It equals the item's id: writable items on
 * local disk are files with that name.
 */
export function ownBlobOf(id: MediaId): BlobId {
  return id as string as BlobId;
}
