import { randomUUID } from 'node:crypto';
import { PartMemory } from '../../../src/adapters/blobs/s3/part-memory.ts';
import { S3Store } from '../../../src/adapters/blobs/s3/s3-store.ts';
import type { PoolId } from '../../../src/domain/shared/ids.ts';
import { newBlob, patterned, put } from '../../support/files/byte-sources.ts';
import { hashingThreads } from '../../support/fixtures/hashing-threads.ts';
import { closeTestBuckets, openTestBucket } from '../../support/s3/test-bucket.ts';

describe('Reading an object', () => {
  afterAll(closeTestBuckets);

  it('rejects without ending the process when it is aborted before the first read', async () => {
    const { location } = await openTestBucket();
    const terms = {
      checksums: 'WHEN_REQUIRED',
      callTimeoutSeconds: 20,
      purgeDelaySeconds: 60,
      redirects: false,
    } as const;
    const store = new S3Store(location, terms, new PartMemory(8_000_000), hashingThreads);
    await store.claim({ installation: randomUUID(), pool: 1 as PoolId, location: 0, holdsMedia: false });
    const id = newBlob();
    await put(store, id, patterned(3_000_000));

    const stop = new AbortController();
    const reason = new Error('the client went away');
    const source = await store.read(id, { from: 0, to: 3_000_000 }, stop.signal);
    stop.abort(reason);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(source[Symbol.asyncIterator]().next()).rejects.toBe(reason);
  });
});
