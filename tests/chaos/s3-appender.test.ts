import { randomBytes, randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { PartMemory } from '../../src/adapters/blobs/s3/part-memory.ts';
import { S3Store } from '../../src/adapters/blobs/s3/s3-store.ts';
import type { S3Location, S3Terms } from '../../src/adapters/blobs/s3/s3-location.ts';
import type { BlobAppender } from '../../src/application/ports/blob-appender.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { BlobId, PoolId } from '../../src/domain/shared/ids.ts';
import { failAfter, NEVER, newBlob, sha256, sourceOf, stallAfter } from '../support/files/byte-sources.ts';
import { hashingThreads } from '../support/fixtures/hashing-threads.ts';
import { openFaultyProxy, type FaultyProxy } from '../support/s3/faulty-proxy.ts';
import { closeTestBuckets, openTestBucket, type TestBucket } from '../support/s3/test-bucket.ts';
import { gate } from '../support/waiting/gate.ts';
import { until } from '../support/waiting/until.ts';

const MIB = 1024 * 1024;
/** With memory for one part of the smallest size. */
const PART_BYTES = 5 * MIB;
const CONTENT = randomBytes(2 * PART_BYTES + MIB + 3);
const SIZE = bytes(CONTENT.length);
const PART = /[?&]partNumber=2(&|$)/;
const TAIL = /[.]tail-/;
const COMPLETION = /[?&]uploadId=/;
const BEGINNING = /[?&]uploads(=|&|$)/;
const MISSING = { code: 'bytes-missing' };
const INSTALLATION = randomUUID();

describe('A resumable upload to S3', () => {
  let bucket: TestBucket;
  let proxy: FaultyProxy;
  let location: S3Location;
  let store: S3Store;
  let id: BlobId;
  const opened: BlobAppender[] = [];
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
    for (const appender of opened.splice(0)) await appender.discard();
    await store.remove(id);
    expect(await leftovers()).toEqual([]);
    await proxy.close();
  });

  async function claimed(checksums: S3Terms['checksums'] = 'WHEN_REQUIRED'): Promise<S3Store> {
    const terms = { checksums, callTimeoutSeconds: 20, purgeDelaySeconds: 60, redirects: false };
    const claiming = new S3Store(location, terms, new PartMemory(PART_BYTES), hashingThreads);
    await claiming.claim({ installation: INSTALLATION, pool: 7 as PoolId, location: 0, holdsMedia: false });
    return claiming;
  }

  async function leftovers(): Promise<readonly string[]> {
    const names = (await bucket.keys(location.prefix)).map(([key]) => key.slice(location.prefix.length));
    return [...names.filter((name) => !name.startsWith('.')), ...(await bucket.openUploads(location.prefix))];
  }

  function process(blob = id): BlobAppender {
    const appender = store.resumable.appender(blob, SIZE);
    opened.push(appender);
    return appender;
  }

  async function send(appender: BlobAppender, from: number, to: number): Promise<void> {
    await appender.open(bytes(from), NEVER);
    await appender.append(sourceOf(CONTENT.subarray(from, to)), NEVER, null);
    expect(await appender.flush()).toBe(to);
    await appender.close();
  }

  async function expectWhole(appender: BlobAppender): Promise<void> {
    await appender.open(SIZE, NEVER);
    expect(await appender.sha256(NEVER)).toBe(sha256(CONTENT));
    await appender.commit(false);
    expect(sha256(await bucket.read(location.prefix + id))).toBe(sha256(CONTENT));
    expect(await leftovers()).toEqual([id]);
  }

  function sentBytes(): number {
    const sent = proxy.headersOf('PUT', new RegExp(id));
    return sent.reduce((sum, headers) => sum + Number(headers['content-length']), 0);
  }

  it('sends each byte once if it is one request', async () => {
    const appender = process();
    const recorded: number[] = [];
    await appender.open(bytes(0), NEVER);
    await appender.append(sourceOf(CONTENT), NEVER, async (offset) => {
      recorded.push(offset);
      return Promise.resolve();
    });
    await appender.flush();
    await expectWhole(appender);
    expect(sentBytes()).toBe(SIZE);
    expect(appender.readBackBytes).toBe(0);
  });

  it('sends no byte more than twice in requests of 1 MiB, and deletes tails when their part is recorded', async () => {
    const appender = process();
    for (let from = 0; from < SIZE; from += MIB) await send(appender, from, Math.min(from + MIB, SIZE));
    expect(sentBytes()).toBeLessThanOrEqual(2 * SIZE);
    await appender.open(SIZE, NEVER);
    await appender.close();
    expect((await bucket.keys(location.prefix)).filter(([key]) => TAIL.test(key))).toEqual([]);
    await expectWhole(appender);
    expect(appender.readBackBytes).toBe(0);
  });

  it('is continued by another process at every offset, and read back once, after its completion', async () => {
    let last = process();
    let from = 0;
    for (const to of [10, MIB, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES + 5, 2 * PART_BYTES + 6, SIZE]) {
      last = process();
      await send(last, from, to);
      expect(await store.resumable.partialBytes(id)).toBe(to);
      from = to;
    }
    await last.open(SIZE, NEVER);
    expect(await last.read(0, 10)).toBeNull();
    await expectWhole(last);
    expect(CONTENT.subarray(PART_BYTES - 5, PART_BYTES + 5).equals((await last.read(PART_BYTES - 5, 10))!)).toBe(true);
    expect(last.readBackBytes).toBe(SIZE);
  });

  it('is continued with checksums of its parts when they are configured', async () => {
    store = await claimed('WHEN_SUPPORTED');
    await send(process(), 0, PART_BYTES + MIB);
    const other = process();
    await send(other, PART_BYTES + MIB, SIZE);
    await expectWhole(other);
  });

  it('reads its tails for a look at its beginning, in memory and after a takeover', async () => {
    const appender = process();
    await send(appender, 0, 1000);
    await appender.open(bytes(1000), NEVER);
    await appender.append(sourceOf(CONTENT.subarray(1000, 3000)), NEVER, null);
    expect(CONTENT.subarray(500, 2500).equals((await appender.read(500, 2000))!)).toBe(true);
    await appender.flush();
    await appender.close();
    const other = process();
    await other.open(bytes(3000), NEVER);
    expect(CONTENT.subarray(500, 2500).equals((await other.read(500, 2000))!)).toBe(true);
  });

  it('ignores parts and tails behind its offset', async () => {
    const [lost, other] = [process(), process()];
    await send(lost, 0, MIB);
    await lost.open(bytes(MIB), NEVER);
    await lost.append(sourceOf(randomBytes(2 * PART_BYTES - 7)), NEVER, null);
    await lost.flush();
    await lost.discard();
    await send(other, MIB, SIZE);
    await expectWhole(other);
  });

  it('goes back to its mark, although the bytes behind it are in parts', async () => {
    const appender = process();
    await send(appender, 0, MIB);
    await appender.open(bytes(MIB), NEVER);
    appender.mark();
    await appender.append(sourceOf(randomBytes(SIZE - MIB - 1)), NEVER, null);
    appender.rewind();
    expect(appender.offset).toBe(MIB);
    await appender.close();
    await send(appender, MIB, SIZE);
    await expectWhole(appender);
    expect(appender.readBackBytes).toBe(0);
  });

  it('makes a checkpoint in the middle of a part, from which another process continues', async () => {
    const appender = process();
    const recorded: number[] = [];
    await appender.open(bytes(0), NEVER);
    const [stalled, stop] = [gate(), new AbortController()];
    const source = stallAfter(stalled, CONTENT.subarray(0, MIB), CONTENT.subarray(MIB, PART_BYTES + 10));
    const appended = appender.append(source, stop.signal, async (offset) => {
      recorded.push(offset);
      return Promise.resolve();
    });
    await stalled.opened;
    await appender.checkpoint();
    expect(recorded.at(-1)).toBe(PART_BYTES + 10);
    stop.abort(new Error('killed'));
    await expect(appended).rejects.toThrow('killed');
    await appender.discard();
    const other = process();
    await send(other, PART_BYTES + 10, SIZE);
    await expectWhole(other);
    expect(sentBytes()).toBeLessThanOrEqual(SIZE + 10);
  });

  it('continues after it filled the part that a checkpoint had saved', async () => {
    const appender = process();
    await appender.open(bytes(0), NEVER);
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      for (let from = 0; from < SIZE; from += MIB) {
        yield CONTENT.subarray(from, from + MIB);
        await appender.checkpoint();
      }
    };
    await appender.append(pieces(), NEVER, async () => Promise.resolve());
    await appender.flush();
    expect(sentBytes()).toBeLessThanOrEqual(2 * SIZE);
    await expectWhole(appender);
    expect(appender.readBackBytes).toBe(0);
  });

  it.each([
    ['a part', 'lose-answer', 'PUT', PART],
    ['a tail', 'lose-answer', 'PUT', TAIL],
    ['the completion', 'lose-answer', 'POST', COMPLETION],
    ['the beginning', 'lose-answer', 'POST', BEGINNING],
    ['a part that is cut off', 'cut-request', 'PUT', PART],
    ['a part, because the server is busy,', 'busy', 'PUT', PART],
    ['a tail, because the server is busy,', 'busy', 'PUT', TAIL],
    ['the reading of a tail, which is reset,', 'cut', 'GET', TAIL],
    ['the reading of a tail, which is cut off,', 'cut-answer', 'GET', TAIL],
  ] as const)('repeats %s after a fault', async (_what, fault, method, path) => {
    const appender = process();
    await send(appender, 0, PART_BYTES - MIB);
    proxy.break(fault, method, path);
    await send(appender, PART_BYTES - MIB, SIZE - 1);
    await send(appender, SIZE - 1, SIZE);
    await expectWhole(appender);
    expect(proxy.met).toBe(1);
  });

  it('fails while the server is away, and continues at the last recorded offset', async () => {
    const appender = process();
    await send(appender, 0, MIB);
    proxy.break('busy', 'PUT', PART, 99);
    await appender.open(bytes(MIB), NEVER);
    const appended = appender.append(sourceOf(CONTENT.subarray(MIB)), NEVER, null).then(async () => appender.flush());
    await expect(appended).rejects.toMatchObject({ code: 'unavailable' });
    await expect(appender.flush()).rejects.toMatchObject({ code: 'unavailable' });
    proxy.mend();
    await send(appender, MIB, SIZE);
    await expectWhole(appender);
  });

  it('has lost its bytes when the server forgets the multipart upload', async () => {
    const appender = process();
    await send(appender, 0, PART_BYTES + 10);
    await forget();
    await expect(process().open(bytes(PART_BYTES + 10), NEVER)).rejects.toMatchObject(MISSING);
    await appender.open(bytes(PART_BYTES + 10), NEVER);
    const appended = appender.append(sourceOf(CONTENT.subarray(PART_BYTES + 10)), NEVER, null);
    await expect(appended.then(async () => appender.flush())).rejects.toMatchObject(MISSING);
  });

  async function forget(): Promise<void> {
    const at = { Bucket: location.bucket, Key: location.prefix + id };
    const { UploadId } = await openUpload();
    await bucket.client.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
  }

  async function openUpload(): Promise<{ readonly UploadId: string }> {
    const asked = new ListMultipartUploadsCommand({ Bucket: location.bucket, Prefix: location.prefix + id });
    const { Uploads = [] } = await bucket.client.send(asked);
    return { UploadId: Uploads[0]!.UploadId! };
  }

  it('is not completed with a part that another process replaced', async () => {
    const appender = process();
    await send(appender, 0, SIZE);
    const at = { Bucket: location.bucket, Key: location.prefix + id, ...(await openUpload()) };
    await bucket.client.send(new UploadPartCommand({ ...at, PartNumber: 1, Body: randomBytes(PART_BYTES) }));
    await appender.open(SIZE, NEVER);
    await expect(appender.sha256(NEVER)).rejects.toMatchObject(MISSING);
  });

  it('takes no tail that another process replaced', async () => {
    const appender = process();
    await send(appender, 0, MIB);
    const [[Key, length]] = (await bucket.keys(location.prefix + id)) as [[string, number]];
    expect(Key).toBe(`${location.prefix}${id}.tail-1-0-${MIB}`);
    await bucket.client.send(new PutObjectCommand({ Bucket: location.bucket, Key, Body: randomBytes(length) }));
    await appender.open(bytes(MIB), NEVER);
    const appended = appender.append(sourceOf(CONTENT.subarray(MIB)), NEVER, null);
    await expect(appended.then(async () => appender.flush())).rejects.toMatchObject(MISSING);
  });

  it('holds no memory between its requests, and all of more than fit make progress', async () => {
    const [idle, ids] = [process(), Array.from({ length: 6 }, newBlob)];
    await send(idle, 0, 10);
    await Promise.all(
      ids.map(async (blob) => {
        const appender = process(blob);
        await send(appender, 0, MIB);
        await send(appender, MIB, PART_BYTES + 1);
        await appender.open(bytes(PART_BYTES + 1), NEVER);
        const cut = failAfter(new Error('cut off'), CONTENT.subarray(PART_BYTES + 1, PART_BYTES + 10));
        await expect(appender.append(cut, NEVER, null)).rejects.toThrow('cut off');
        expect(await appender.flush()).toBe(PART_BYTES + 10);
        await appender.close();
      }),
    );
    for (const blob of ids) await store.remove(blob);
  });

  it('is one incomplete write in every list, whatever it has in the bucket, and is cleared', async () => {
    const [tails, parts, whole] = [newBlob(), newBlob(), newBlob()].sort();
    await send(process(tails), 0, 10);
    const both = process(parts);
    await send(both, 0, PART_BYTES + 10);
    await send(both, PART_BYTES + 10, PART_BYTES + 20);
    await send(process(whole), 0, MIB);
    await bucket.client.send(put(whole!));
    const entries = [
      { id: tails, storedBytes: null, incompleteWrites: 1 },
      { id: parts, storedBytes: null, incompleteWrites: 1 },
      { id: whole, storedBytes: 3, incompleteWrites: 1 },
    ];
    expect(await store.list()).toEqual(entries);
    expect(await store.list(tails)).toEqual(entries.slice(1));
    expect(await store.entries([tails!, parts!, whole!])).toEqual(entries);
    for (const blob of [tails!, parts!, whole!]) await store.clear(blob);
    expect(await store.list()).toEqual([{ id: whole, storedBytes: 3, incompleteWrites: 0 }]);
    await store.remove(whole!);
  });

  function put(blob: BlobId): PutObjectCommand {
    return new PutObjectCommand({ Bucket: location.bucket, Key: location.prefix + blob, Body: 'abc' });
  }

  it('stops waiting for the server when its request ends', async () => {
    const appender = process();
    await appender.open(bytes(0), NEVER);
    proxy.break('silence', 'POST', BEGINNING);
    const stop = new AbortController();
    const appended = appender.append(sourceOf(CONTENT), stop.signal, null);
    await until('the server is silent', () => proxy.met > 0);
    stop.abort(new Error('the client hung up'));
    await expect(appended).rejects.toThrow('the client hung up');
  });
});
