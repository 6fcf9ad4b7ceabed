import type { Media, StoredBlob } from '../../domain/media/media.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import type { BlobContent, BlobStat, BlobStores } from '../ports/blob-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** A finished item, and its blob as it was stored. */
export interface FinishedMedia {
  readonly media: Media;
  readonly blob: StoredBlob;
}

/**
 * Returns the current stat of the blob of a finished item; null if the blob does not exist. In an
 * immutable store, a blob of zeros only need not exist.
 */
export async function statOf(
  stores: BlobStores<BlobContent>,
  media: Pick<Media, 'pool' | 'blob' | 'location'>,
  blob: StoredBlob,
): Promise<BlobStat | null> {
  const stat = await stores.of(media.pool, media.location).stat(media.blob);
  if (stat !== null || blob.fingerprint !== null || blob.storedBytes > 0) return stat;
  return { storedBytes: bytes(0), fingerprint: null };
}

/**
 * Returns the stat as `statOf` does, for an item that may move to another location meanwhile: if
 * its blob is not in the one, it looks in the other. Also returns the item as it is then; null if
 * it is not finished any more.
 */
export async function findStat(
  work: UnitOfWork,
  stores: BlobStores<BlobContent>,
  found: FinishedMedia,
): Promise<(FinishedMedia & { readonly stat: BlobStat | null }) | null> {
  const stat = await statOf(stores, found.media, found.blob);
  if (stat !== null) return { ...found, stat };
  const again = await work.read(async (tx) => tx.media.findStored(found.media.id));
  if (again === null) return null;
  if (!hasMoved(found.media, again.media)) return { ...again, stat };
  return { ...again, stat: await statOf(stores, again.media, again.blob) };
}

/** Whether the blob of an item moved, to another location or pool, between two reads. */
export function hasMoved(before: Media, after: Media): boolean {
  return before.pool !== after.pool || before.location !== after.location || before.blob !== after.blob;
}
