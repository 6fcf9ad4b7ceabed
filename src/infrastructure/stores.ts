import { LocalDiskStore } from '../adapters/blobs/local-disk/local-disk-store.ts';
import { HashingThreads } from '../adapters/blobs/shared/hashing-threads.ts';
import type { PartMemory } from '../adapters/blobs/s3/part-memory.ts';
import { S3Store } from '../adapters/blobs/s3/s3-store.ts';
import type { BlobStores } from '../application/ports/blob-store.ts';
import type { Config } from './config.ts';

/** A file that is a program of its own is named as what it is compiled to. */
const HASHING_THREAD = new URL('../adapters/blobs/shared/hashing-thread.js', import.meta.url);

/** The store of each pool, by the pool's id. */
export function storesOf({ pools, s3 }: Config, memory: PartMemory): BlobStores {
  const threads = new HashingThreads(HASHING_THREAD);
  const stores = new Map(
    pools.map((pool) => [
      pool.id,
      'path' in pool ? new LocalDiskStore(pool.path, threads) : new S3Store(pool.s3, s3, memory, threads),
    ]),
  );
  return {
    of: (id) => {
      const store = stores.get(id);
      if (store === undefined) throw new Error(`pool ${id} is not configured`);
      return store;
    },
  };
}
