import type { Media, StoredBlob } from '../../domain/media/media.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import type { BlobContent, BlobStat, BlobStores } from '../ports/blob-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Finished media, and their bytes as they came in. */
export interface Finished {
  readonly media: Media;
  readonly blob: StoredBlob;
}

/**
 * How the bytes of finished media stand; null where they are gone. Where nobody writes in place,
 * zeros need nothing to stand there.
 */
export async function statOf(
  stores: BlobStores<BlobContent>,
  media: Pick<Media, 'pool' | 'blob' | 'location'>,
  blob: StoredBlob,
): Promise<BlobStat | null> {
  const now = await stores.of(media.pool, media.location).stat(media.blob);
  if (now !== null || blob.fingerprint !== null || blob.storedBytes > 0) return now;
  return { storedBytes: bytes(0), fingerprint: null };
}

/**
 * As `statOf`, for finished media that may move to another place of their pool meanwhile: where the
 * bytes are gone from the one they are looked for in the other. Answers the media as they were when
 * that was found; null where they are not finished any more.
 */
export async function findStat(
  work: UnitOfWork,
  stores: BlobStores<BlobContent>,
  found: Finished,
): Promise<(Finished & { readonly now: BlobStat | null }) | null> {
  const now = await statOf(stores, found.media, found.blob);
  if (now !== null) return { ...found, now };
  const again = await work.read(async (tx) => tx.media.findStored(found.media.id));
  if (again === null) return null;
  if (!hasMoved(found.media, again.media)) return { ...again, now };
  return { ...again, now: await statOf(stores, again.media, again.blob) };
}

/** Whether the bytes of media came to lie elsewhere between two looks. */
export function hasMoved(before: Media, after: Media): boolean {
  return before.location !== after.location || before.blob !== after.blob;
}
