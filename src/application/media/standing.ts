import type { Media, StoredBlob } from '../../domain/media/media.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import type { BlobStanding, BlobStores } from '../ports/blob-store.ts';

/** How the bytes of finished media stand; null where they are gone. Where nobody writes in place, zeros need nothing to stand there. */
export async function standingOf(
  stores: BlobStores,
  media: Pick<Media, 'pool' | 'blob'>,
  blob: StoredBlob,
): Promise<BlobStanding | null> {
  const now = await stores.of(media.pool).standing(media.blob);
  if (now !== null || blob.fingerprint !== null || blob.storedBytes > 0) return now;
  return { storedBytes: bytes(0), fingerprint: null };
}
