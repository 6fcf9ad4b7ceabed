import { PartMemory } from '../../src/adapters/blobs/s3/part-memory.ts';
import { S3Store } from '../../src/adapters/blobs/s3/s3-store.ts';
import type { BlobStores } from '../../src/application/ports/blob-store.ts';
import { openTestBucket, type TestBucket } from './s3.ts';
import { ONE, storesOf, TWO, type Yard } from './yard.ts';
import { hashingThreads } from './hashing-threads.ts';

const MEMORY = 32 * 1024 * 1024;

/**
 * The pools of a yard, of which ONE is on local disk, and TWO in a fresh bucket. `endpoint` is
 * another way to its server.
 */
export async function withPoolInS3(
  yard: Yard,
  wayTo: (endpoint: string) => Promise<string> = async (endpoint) => Promise.resolve(endpoint),
): Promise<{ readonly bucket: TestBucket; readonly stores: BlobStores }> {
  const bucket = await openTestBucket();
  const terms = { checksums: 'WHEN_REQUIRED', answerSeconds: 20, settleSeconds: 60, redirects: true } as const;
  const place = { ...bucket.place, endpoint: await wayTo(bucket.place.endpoint!) };
  const inS3 = new S3Store(place, terms, new PartMemory(MEMORY), hashingThreads);
  const installation = await yard.depot.work.run(async (tx) => tx.pools.installation());
  await inS3.claim({ installation, pool: TWO, place: 0, holdsMedia: false });
  return {
    bucket,
    stores: storesOf(
      new Map([
        [ONE, yard.stores.of(ONE, 0)],
        [TWO, inS3],
      ]),
    ),
  };
}
