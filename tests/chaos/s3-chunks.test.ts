import { randomBytes, randomUUID } from 'node:crypto';
import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { PartMemory } from '../../src/adapters/blobs/s3/part-memory.ts';
import { S3Store } from '../../src/adapters/blobs/s3/s3-store.ts';
import type { S3Location, S3Terms } from '../../src/adapters/blobs/s3/s3-location.ts';
import type { BlobChunks } from '../../src/application/ports/blob-chunks.ts';
import { bytes, type Bytes } from '../../src/domain/shared/bytes.ts';
import type { BlobId, PoolId } from '../../src/domain/shared/ids.ts';
import { chunkAt, chunkCount } from '../../src/domain/uploads/chunks.ts';
import { NEVER, newBlob, sha256, sourceOf } from '../support/files/byte-sources.ts';
import { hashingThreads } from '../support/fixtures/hashing-threads.ts';
import { openFaultyProxy, type FaultyProxy } from '../support/s3/faulty-proxy.ts';
import { closeTestBuckets, openTestBucket, type TestBucket } from '../support/s3/test-bucket.ts';

const MIB = 1024 * 1024;
const CONTENT = randomBytes(11 * MIB + 3);
const LENGTH = bytes(CONTENT.length);
/** Two parts, the second of them longer. */
const LARGE = bytes(5 * MIB);
/** Tails, two of them across the end of a part. */
const SMALL = bytes(3 * MIB);
const INSTALLATION = randomUUID();
const TAIL = /[.]tail-\d/;
const PART = /[?&]partNumber=2(&|$)/;
const COMPLETION = /[?&]uploadId=/;

describe('Chunks of a blob in S3', () => {
  let bucket: TestBucket;
  let proxy: FaultyProxy;
  let location: S3Location;
  let store: S3Store;
  let id: BlobId;
  const opened: BlobChunks[] = [];
  beforeAll(async () => (bucket = await openTestBucket()));
  afterAll(closeTestBuckets);
  beforeEach(async () => {
    proxy = await openFaultyProxy(bucket.location.endpoint!);
    location = { ...bucket.location, endpoint: proxy.url, prefix: `${randomUUID()}/` };
    store = await claimed();
    id = newBlob();
  });
  afterEach(async () => {
    proxy.mend();
    for (const chunks of opened.splice(0)) await chunks.discard();
    await store.remove(id);
    expect(await store.list()).toEqual([]);
    expect((await bucket.keys(location.prefix)).map(([key]) => key)).toEqual([`${location.prefix}.platter-pool.json`]);
    expect(await bucket.openUploads(location.prefix)).toEqual([]);
    await proxy.close();
  });

  async function claimed(checksums: S3Terms['checksums'] = 'WHEN_REQUIRED'): Promise<S3Store> {
    const terms = { checksums, callTimeoutSeconds: 20, purgeDelaySeconds: 60, redirects: false };
    const claiming = new S3Store(location, terms, new PartMemory(8 * MIB), hashingThreads);
    await claiming.claim({ installation: INSTALLATION, pool: 7 as PoolId, location: 0, holdsMedia: false });
    return claiming;
  }

  function process(chunkSize: Bytes, isBegun = false): BlobChunks {
    const chunks = store.chunked.chunks(id, LENGTH, chunkSize, isBegun);
    opened.push(chunks);
    return chunks;
  }

  async function write(chunks: BlobChunks, chunkSize: Bytes, number: number): Promise<void> {
    const chunk = chunkAt(LENGTH, chunkSize, number)!;
    await chunks.write(chunk, sourceOf(CONTENT.subarray(chunk.from, chunk.to)), NEVER);
  }

  /** Two processes write all chunks at once, in descending order. */
  async function writeAll(chunkSize: Bytes): Promise<void> {
    const processes = [process(chunkSize), process(chunkSize)] as const;
    const numbers = Array.from({ length: chunkCount(LENGTH, chunkSize) }, (_, number) => number).reverse();
    await Promise.all(numbers.map(async (number) => write(processes[number % 2 === 0 ? 0 : 1], chunkSize, number)));
  }

  async function expectWhole(chunks: BlobChunks): Promise<void> {
    await chunks.assemble(NEVER);
    expect(await chunks.sha256(NEVER)).toBe(sha256(CONTENT));
    await chunks.commit(false);
    expect(sha256(await bucket.read(location.prefix + id))).toBe(sha256(CONTENT));
    expect(await store.list()).toEqual([{ id, storedBytes: LENGTH, incompleteWrites: 0 }]);
  }

  /** Bytes of parts and tails; a name of the upload has fewer than 1,000. */
  function sentBytes(): number {
    const sent = proxy.headersOf('PUT', new RegExp(id)).map((headers) => Number(headers['content-length']));
    return sent.filter((length) => length > 1_000).reduce((sum, length) => sum + length, 0);
  }

  it('of at least 5 MiB are parts of one upload of all processes, and are sent once', async () => {
    await writeAll(LARGE);
    expect(await bucket.openUploads(location.prefix)).toHaveLength(1);
    expect(await store.list()).toEqual([{ id, storedBytes: null, incompleteWrites: 1 }]);
    expect(await process(LARGE, true).read(0, 10)).toBeNull();
    await expectWhole(process(LARGE, true));
    expect(sentBytes()).toBe(LENGTH);
  });

  it('that are smaller are tails first, and are sent twice', async () => {
    await writeAll(SMALL);
    expect(await bucket.openUploads(location.prefix)).toEqual([]);
    expect(await store.list()).toEqual([{ id, storedBytes: null, incompleteWrites: 1 }]);
    const other = process(SMALL, true);
    const across = 8 * MIB;
    expect(CONTENT.subarray(across - 5, across + 5).equals((await other.read(across - 5, 10))!)).toBe(true);
    await expectWhole(other);
    expect(sentBytes()).toBe(2 * LENGTH);
  });

  it.each([
    ['parts', LARGE],
    ['tails', SMALL],
  ])('that are %s have checksums when they are configured', async (_what, chunkSize) => {
    store = await claimed('WHEN_SUPPORTED');
    await writeAll(chunkSize);
    await expectWhole(process(chunkSize, true));
  });

  it.each([
    ['a part', LARGE, 'lose-answer', 'PUT', PART],
    ['the name of the upload', LARGE, 'lose-answer', 'PUT', /[.]tail-upload/],
    ['the completion', LARGE, 'lose-answer', 'POST', COMPLETION],
    ['a tail', SMALL, 'lose-answer', 'PUT', TAIL],
    ['the reading of a tail', SMALL, 'cut-answer', 'GET', TAIL],
  ] as const)('survive a fault of %s', async (_what, chunkSize, fault, method, path) => {
    proxy.break(fault, method, path);
    await writeAll(chunkSize);
    await expectWhole(process(chunkSize, true));
    expect(proxy.met).toBe(1);
  });

  it('are put together by the next process when the server was away', async () => {
    await writeAll(SMALL);
    proxy.break('busy', 'PUT', PART, 99);
    await expect(process(SMALL, true).assemble(NEVER)).rejects.toMatchObject({ code: 'unavailable' });
    proxy.mend();
    await expectWhole(process(SMALL, true));
  });

  it('are lost when the server has forgotten the upload', async () => {
    const chunks = process(LARGE);
    await write(chunks, LARGE, 0);
    const { bucket: Bucket, prefix: Prefix } = location;
    const { Uploads = [] } = await bucket.client.send(new ListMultipartUploadsCommand({ Bucket, Prefix }));
    for (const { Key, UploadId } of Uploads) {
      await bucket.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    }
    await expect(write(chunks, LARGE, 1)).rejects.toMatchObject({ code: 'bytes-missing' });
    await expect(process(LARGE, true).assemble(NEVER)).rejects.toMatchObject({ code: 'bytes-missing' });
  });
});
