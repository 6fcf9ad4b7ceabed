import type { Media } from '../../domain/media/media.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/**
 * Lets hypervisors write to the file of media exactly where the database says that the media are
 * writable. After a change it looks again, since the kind of the media may have changed meanwhile.
 * Doing it again is fine. Fails with `unavailable`.
 */
export async function settleMode(work: UnitOfWork, stores: BlobStores<BlobContent>, id: MediaId): Promise<void> {
  const find = async (): Promise<Media | null> => work.read(async (tx) => tx.media.find(id));
  let media = await find();
  while (media !== null && (await setMode(stores, media, !media.readOnly))) media = await find();
}

/** As `BlobContent.setWritable`. Bytes that are missing, or lie elsewhere by now, have no mode. */
export async function setMode(
  stores: BlobStores<BlobContent>,
  { pool, location, blob }: Pick<Media, 'pool' | 'location' | 'blob'>,
  writable: boolean,
): Promise<boolean> {
  try {
    return await stores.of(pool, location).setWritable(blob, writable);
  } catch (error) {
    if (isFailure(error, 'bytes-missing')) return false;
    throw error;
  }
}
