import { randomUUID } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PartMemory } from '../../../src/adapters/blobs/s3/part-memory.ts';
import type { S3Location } from '../../../src/adapters/blobs/s3/s3-location.ts';
import { S3Store } from '../../../src/adapters/blobs/s3/s3-store.ts';
import type { PoolId } from '../../../src/domain/shared/ids.ts';
import { openFaultyProxy } from '../../support/s3/faulty-proxy.ts';
import { hashingThreads } from '../../support/fixtures/hashing-threads.ts';
import { closeTestBuckets, openTestBucket, type TestBucket } from '../../support/s3/test-bucket.ts';

describe('The claim to a bucket', () => {
  let bucket: TestBucket;
  beforeAll(async () => (bucket = await openTestBucket()));
  afterAll(closeTestBuckets);

  async function claim(changed: Partial<S3Location>): Promise<void> {
    const terms = {
      checksums: 'WHEN_REQUIRED',
      callTimeoutSeconds: 20,
      purgeDelaySeconds: 60,
      redirects: false,
    } as const;
    const store = new S3Store({ ...bucket.location, ...changed }, terms, new PartMemory(1), hashingThreads);
    await store.claim({ installation: randomUUID(), pool: 1 as PoolId, location: 0, holdsMedia: false });
  }

  it('fails when there is no such bucket, and says so', async () => {
    await expect(claim({ bucket: `none-${randomUUID()}` })).rejects.toThrow(
      /^the bucket none-\S+ cannot be used \(NoSuchBucket, status 404\): there is no such bucket/,
    );
  });

  it('fails when the endpoint is unreachable, and says so', async () => {
    await expect(claim({ endpoint: 'http://127.0.0.1:1' })).rejects.toThrow(
      /^the bucket \S+ cannot be used \(.+\): make sure that the endpoint/,
    );
  });

  it.each([
    ['read', 'GET', /platter-pool/],
    ['written', 'PUT', /platter-probe/],
    ['cleared', 'DELETE', /platter-probe/],
    ['asked for its open uploads', 'GET', /[?&]uploads/],
  ])('fails when the bucket cannot be %s, and says which permissions are needed', async (_access, method, path) => {
    const proxy = await openFaultyProxy(bucket.location.endpoint!);
    proxy.break('denied', method, path);
    await expect(claim({ endpoint: proxy.url, prefix: `${randomUUID()}/` })).rejects.toThrow(
      /^the bucket \S+, below \S+, cannot be used \(AccessDenied, status 403\): let the credentials read, write, list/,
    );
    expect(proxy.met).toBe(1);
    await proxy.close();
  });

  it('fails when the marker is damaged, and names it', async () => {
    const Key = 'torn/.platter-pool.json';
    await bucket.client.send(new PutObjectCommand({ Bucket: bucket.location.bucket, Key, Body: '{"inst' }));
    await expect(claim({ prefix: 'torn/' })).rejects.toThrow(/^the marker torn\/\.platter-pool\.json in the bucket/);
  });

  it('succeeds for one of two concurrent claims', async () => {
    const claims = await Promise.allSettled([claim({ prefix: 'two/' }), claim({ prefix: 'two/' })]);
    expect(claims.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('leaves only the marker', async () => {
    await claim({ prefix: 'tidy/' });
    expect((await bucket.keys('tidy/')).map(([key]) => key)).toEqual(['tidy/.platter-pool.json']);
  });
});
