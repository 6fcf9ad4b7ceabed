import { randomBytes, randomUUID } from 'node:crypto';
import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import type { BlobStore, ByteSource } from '../../src/application/ports/blob-store.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { BlobId, PoolId } from '../../src/domain/shared/ids.ts';
import type { BlobLocation } from '../contracts/blob-store-fixture.ts';
import { prefixLocation } from '../contracts/blob-store-s3.ts';
import { idsIn, NEVER, newBlob, put, sha256, sourceOf, stallAfter } from '../support/files/byte-sources.ts';
import { openFaultyProxy, type FaultyProxy } from '../support/s3/faulty-proxy.ts';
import { gate } from '../support/waiting/gate.ts';
import { closeTestBuckets, openTestBucket, type TestBucket } from '../support/s3/test-bucket.ts';

const MIB = 1024 * 1024;
const PART = /[?&]partNumber=2(&|$)/;
const COMPLETION = /[?&]uploadId=/;
const BEGINNING = /[?&]uploads(=|&|$)/;
const UNAVAILABLE = { code: 'unavailable' };

describe('A pool in S3, if', () => {
  const content = randomBytes(20 * MIB + 5);
  let bucket: TestBucket;
  let location: BlobLocation;
  let proxy: FaultyProxy;
  let store: BlobStore;
  beforeAll(async () => (bucket = await openTestBucket()));
  afterAll(closeTestBuckets);
  beforeEach(async () => {
    proxy = await openFaultyProxy(bucket.location.endpoint!);
    location = prefixLocation(bucket, { ...bucket.location, prefix: `${randomUUID()}/` }, proxy.url);
    store = location.open();
    await store.claim({ installation: randomUUID(), pool: 7 as PoolId, location: 0, holdsMedia: false });
  });
  afterEach(async () => {
    expect(await location.leftovers()).toEqual([]);
    await proxy.close();
  });

  async function expectStored(id: BlobId): Promise<void> {
    expect(sha256(await location.read(id, 0, content.length))).toBe(sha256(content));
  }

  it.each([
    ['the connection is reset in the middle of a part', 'cut-request', 'PUT', PART, 1],
    ['the server is busy twice', 'busy', 'PUT', PART, 2],
    ['the answer to a part is lost', 'lose-answer', 'PUT', PART, 1],
    ['the answer to the completion is lost', 'lose-answer', 'POST', COMPLETION, 1],
    ['the server is busy when it is to complete', 'busy', 'POST', COMPLETION, 1],
    ['the answer to the beginning is lost', 'lose-answer', 'POST', BEGINNING, 1],
  ] as const)('%s, stores the blob without reading its source again', async (_what, fault, method, path, times) => {
    const id = newBlob();
    proxy.break(fault, method, path, times);
    await put(store, id, content);
    expect(proxy.met).toBe(times);
    await expectStored(id);
  });

  it('all goes well, gets the SHA-256 of every part and no Expect header', async () => {
    const id = newBlob();
    await put(store, id, content);
    const sent = proxy.headersOf('PUT', /[?&]partNumber=/);
    const found = [0, 8, 16].map((from) => sha256(content.subarray(from * MIB, (from + 8) * MIB)));
    expect(sent).toHaveLength(found.length);
    expect(new Set(sent.map((headers) => headers['x-amz-content-sha256']))).toEqual(new Set(found));
    expect(sent.map(({ expect: asked }) => asked)).toEqual(found.map(() => undefined));
  });

  it('a byte of a part changes on the way, stores nothing', async () => {
    const id = newBlob();
    proxy.break('garble', 'PUT', PART, 99);
    const writer = store.writer(id, bytes(content.length));
    await expect(writer.write(sourceOf(content), NEVER)).rejects.toMatchObject(UNAVAILABLE);
    await writer.cancel();
    expect(proxy.met).toBeGreaterThan(0);
    expect(await idsIn(store)).toEqual([]);
  });

  it('a part fails repeatedly, fails while the source stalls, and leaves nothing', async () => {
    const id = newBlob();
    proxy.break('busy', 'PUT', PART, 99);
    const writer = store.writer(id, bytes(content.length));
    const written = writer.write(stallAfter(gate(), content.subarray(0, 17 * MIB)), NEVER);
    await expect(written).rejects.toMatchObject(UNAVAILABLE);
    await writer.cancel();
    expect(await idsIn(store)).toEqual([]);
  });

  it('the completion fails repeatedly, commits nothing and leaves nothing', async () => {
    const id = newBlob();
    proxy.break('busy', 'POST', COMPLETION, 99);
    const writer = store.writer(id, bytes(content.length));
    await writer.write(sourceOf(content), NEVER);
    await expect(writer.commit()).rejects.toMatchObject(UNAVAILABLE);
    await writer.cancel();
    expect(await idsIn(store)).toEqual([]);
  });

  it('the multipart upload is aborted in the middle, fails and leaves nothing', async () => {
    const id = newBlob();
    const writer = store.writer(id, bytes(content.length));
    async function* source(): ByteSource {
      yield content.subarray(0, MIB);
      await abortUploads();
      yield content.subarray(MIB);
    }
    await expect(writer.write(source(), NEVER)).rejects.toMatchObject(UNAVAILABLE);
    await writer.cancel();
    expect(await idsIn(store)).toEqual([]);
  });

  it('the multipart upload is aborted before its completion, commits nothing', async () => {
    const id = newBlob();
    const writer = store.writer(id, bytes(content.length));
    await writer.write(sourceOf(content), NEVER);
    await abortUploads();
    await expect(writer.commit()).rejects.toMatchObject(UNAVAILABLE);
    await writer.cancel();
    expect(await location.sizeOf(id)).toBeNull();
  });

  it('a response breaks off in the middle, fails and does not end early', async () => {
    const id = newBlob();
    await put(store, id, content);
    proxy.break('cut-answer', 'GET', new RegExp(id));
    const source = await store.read(id, { from: 0, to: content.length }, NEVER);
    await expect(lengthOf(source)).rejects.toMatchObject(UNAVAILABLE);
  });

  it('no server answers, is unavailable', async () => {
    const lost = prefixLocation(bucket, { ...bucket.location, prefix: 'lost/' }, 'http://127.0.0.1:1').open();
    await expect(lost.list()).rejects.toMatchObject(UNAVAILABLE);
    await expect(lost.read(newBlob(), { from: 0, to: 1 }, NEVER)).rejects.toMatchObject(UNAVAILABLE);
    await expect(lost.stat(newBlob())).rejects.toMatchObject(UNAVAILABLE);
  });

  async function abortUploads(): Promise<void> {
    const Bucket = bucket.location.bucket;
    const { Uploads = [] } = await bucket.client.send(new ListMultipartUploadsCommand({ Bucket }));
    for (const { Key, UploadId } of Uploads)
      await bucket.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  }
});

async function lengthOf(source: ByteSource): Promise<number> {
  let length = 0;
  for await (const chunk of source) length += chunk.length;
  return length;
}
