import type { Container } from 'inversify';
import { PartMemory } from '../adapters/blobs/s3/part-memory.ts';
import { storesOf } from './blob-stores.ts';
import type { Config } from './config.ts';
import { T } from './tokens.ts';

/** Binds where the bytes lie, and the memory that all stores in S3 share. */
export async function bindBlobStores(container: Container, config: Config): Promise<void> {
  const inS3 = config.pools.filter((pool) => 's3' in pool).length;
  const memory = new PartMemory(config.s3Memory, inS3);
  container.bind(T.PartMemory).toConstantValue(memory);
  container.bind(T.BlobStores).toConstantValue(await storesOf(config, memory));
}
