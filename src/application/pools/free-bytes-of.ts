import type { Bytes } from '../../domain/shared/bytes.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { BlobInventory, BlobStores } from '../ports/blob-store.ts';

/**
 * Returns the free space of a pool; null if it has none, or if it cannot be read. While a pool
 * moves, the location with more space counts.
 */
export async function freeBytesOf(stores: BlobStores<BlobInventory>, pool: PoolId): Promise<Bytes | null> {
  const free = await Promise.all(
    stores.locations(pool).map(async (location) =>
      stores
        .of(pool, location)
        .freeBytes()
        .catch(() => null),
    ),
  );
  return free.reduce((best, one) => (best === null || (one !== null && one > best) ? one : best), null);
}
