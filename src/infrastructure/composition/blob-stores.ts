import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { LocalDiskStore } from '../../adapters/blobs/local-disk/local-disk-store.ts';
import { HashingThreads } from '../../adapters/blobs/shared/hashing-threads.ts';
import { PartMemory } from '../../adapters/blobs/s3/part-memory.ts';
import type { BlobStore, BlobStores } from '../../application/ports/blob-store.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { Config } from '../config/config.ts';
import { locationsOf, type ConfiguredLocation } from '../config/pools-file.ts';

/** The built script: a worker thread does not load TypeScript, even when the program does. */
const HASHING_THREAD = pathToFileURL(createRequire(import.meta.url).resolve('#hashing-thread'));
/** A missing location appears when this process restarts with the pools file of the others. */
const RETRY_AFTER_SECONDS = 30;

/** Opens a store for each configured location. All stores in S3 share one memory for parts. */
export async function openStores(config: Config): Promise<{ stores: BlobStores; memory: PartMemory }> {
  const inS3 = config.pools.filter((pool) => 's3' in pool).length;
  const memory = new PartMemory(config.s3MemoryBytes, inS3);
  return { stores: await storesOf(config, memory), memory };
}

async function storesOf({ pools, s3 }: Config, memory: PartMemory): Promise<BlobStores> {
  const threads = new HashingThreads(HASHING_THREAD);
  async function open(location: ConfiguredLocation): Promise<BlobStore> {
    if ('path' in location) return new LocalDiskStore(location.path, threads);
    // Loaded only for pools in S3: the SDK is a tenth of the modules of a start.
    const { S3Store } = await import('../../adapters/blobs/s3/s3-store.ts');
    return new S3Store(location.s3, s3, memory, threads);
  }
  const stores = new Map<PoolId, ReadonlyMap<number, BlobStore>>();
  for (const pool of pools) {
    const locations = new Map<number, BlobStore>();
    for (const location of locationsOf(pool)) locations.set(location.location, await open(location));
    stores.set(pool.id, locations);
  }
  function storesIn(id: PoolId): ReadonlyMap<number, BlobStore> {
    const locations = stores.get(id);
    if (locations === undefined) throw new Error(`pool ${id} is not configured`);
    return locations;
  }
  return {
    of: (id, location) => {
      const store = storesIn(id).get(location);
      if (store !== undefined) return store;
      const cause = new Error(
        `this process was started with a pools file that has no location ${location} of pool ${id}`,
      );
      throw new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }, { cause });
    },
    locations: (id) => {
      const [first, ...others] = storesIn(id).keys();
      if (first === undefined) throw new Error(`pool ${id} has no location`);
      return [first, ...others];
    },
  };
}
