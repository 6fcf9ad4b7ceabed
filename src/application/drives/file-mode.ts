import type { Media } from '../../domain/media/media.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/**
 * Makes the file of an item writable for hypervisors exactly if the item is writable in the
 * database. Checks again after each change, because the item may have changed meanwhile.
 * Idempotent.
 *
 * @throws `unavailable`
 */
export async function reconcileFileMode(work: UnitOfWork, stores: BlobStores<BlobContent>, id: MediaId): Promise<void> {
  const find = async (): Promise<Media | null> => work.read(async (tx) => tx.media.find(id));
  let media = await find();
  while (media !== null && (await setFileMode(stores, media, !media.readOnly))) media = await find();
}

/**
 * Sets the mode as `BlobContent.setWritable` does. Returns false for a blob that is missing or has
 * moved.
 */
export async function setFileMode(
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
