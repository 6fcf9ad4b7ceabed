import { randomUUID } from 'node:crypto';
import { PartMemory } from '../../../src/adapters/blobs/s3/part-memory.ts';
import { S3Store } from '../../../src/adapters/blobs/s3/s3-store.ts';
import type { PoolId } from '../../../src/domain/shared/ids.ts';
import { newBlob, patterned, put, sha256 } from '../../support/files/byte-sources.ts';
import { openFaultyProxy, type FaultyProxy } from '../../support/s3/faulty-proxy.ts';
import { hashingThreads } from '../../support/fixtures/hashing-threads.ts';
import { closeTestBuckets, openTestBucket, type TestBucket } from '../../support/s3/test-bucket.ts';

const MIB = 1024 * 1024;

describe('An object in S3', () => {
  const content = patterned(9 * MIB);
  let bucket: TestBucket;
  let proxy: FaultyProxy;
  beforeAll(async () => {
    bucket = await openTestBucket();
    proxy = await openFaultyProxy(bucket.location.endpoint!);
  });
  afterAll(async () => {
    await proxy.close();
    await closeTestBuckets();
  });

  /** Stores content with this setting and returns the checksums of its parts. */
  async function checksumsSent(checksums: 'WHEN_REQUIRED' | 'WHEN_SUPPORTED'): Promise<readonly unknown[]> {
    const location = { ...bucket.location, endpoint: proxy.url, prefix: `${checksums}/` };
    const terms = { checksums, callTimeoutSeconds: 20, purgeDelaySeconds: 60, redirects: false };
    const store = new S3Store(location, terms, new PartMemory(32 * MIB), hashingThreads);
    await store.claim({ installation: randomUUID(), pool: 1 as PoolId, location: 0, holdsMedia: false });
    const id = newBlob();
    await put(store, id, content);
    expect(sha256(await bucket.read(location.prefix + id))).toBe(sha256(content));
    const parts = proxy.headersOf('PUT', new RegExp(`${id}[?].*partNumber=`));
    return parts.map((headers) => headers['x-amz-checksum-sha256']);
  }

  it('has checksums of its parts when they are configured', async () => {
    const parts = [content.subarray(0, 8 * MIB), content.subarray(8 * MIB)];
    const found = parts.map((part) => Buffer.from(sha256(part), 'hex').toString('base64'));
    const sent = await checksumsSent('WHEN_SUPPORTED');
    expect(sent).toHaveLength(found.length);
    expect(new Set(sent)).toEqual(new Set(found));
  });

  it('has none by default', async () => {
    expect(await checksumsSent('WHEN_REQUIRED')).toEqual([undefined, undefined]);
  });
});
