import { LocalDiskStore } from '../adapters/blobs/local-disk/local-disk-store.ts';
import type { PartMemory } from '../adapters/blobs/s3/part-memory.ts';
import { S3Store } from '../adapters/blobs/s3/s3-store.ts';
import type { BlobStores } from '../application/ports/blob-store.ts';
import type { Config } from './config.ts';

/** A store for each pool that is configured. */
export function storesOf({ pools, s3 }: Config, memory: PartMemory): BlobStores {
  const stores = new Map(
    pools.map((pool) => [pool.id, 'path' in pool ? new LocalDiskStore(pool.path) : new S3Store(pool.s3, s3, memory)]),
  );
  return {
    of: (id) => {
      const store = stores.get(id);
      if (store === undefined) throw new Error(`pool ${id} is not configured`);
      return store;
    },
  };
}
