import { randomUUID } from 'node:crypto';
import type { BlobChunks } from '../../src/application/ports/blob-chunks.ts';
import type { BlobStore } from '../../src/application/ports/blob-store.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { BlobId, PoolId } from '../../src/domain/shared/ids.ts';
import { chunkAt, chunkCount, type Chunk } from '../../src/domain/uploads/chunks.ts';
import { failAfter, NEVER, newBlob, patterned, sha256, sourceOf, stallAfter } from '../support/files/byte-sources.ts';
import { closeTestBuckets } from '../support/s3/test-bucket.ts';
import { gate } from '../support/waiting/gate.ts';
import { until } from '../support/waiting/until.ts';
import type { BlobLocation } from './blob-store-fixture.ts';
import { LOCAL_DISK } from './blob-store-local-disk.ts';
import { S3 } from './blob-store-s3.ts';

const CHUNK_BYTES = bytes(1024 * 1024 + 3);
const CONTENT = patterned(4 * CHUNK_BYTES + 12_345);
const LENGTH = bytes(CONTENT.length);
const CHUNKS = Array.from({ length: chunkCount(LENGTH, CHUNK_BYTES) }, (_, number) => chunk(number));

function chunk(number: number): Chunk {
  return chunkAt(LENGTH, CHUNK_BYTES, number)!;
}

function contentOf({ from, to }: Chunk): Buffer {
  return CONTENT.subarray(from, to);
}

afterAll(closeTestBuckets);

/** Every store that takes chunks. */
describe.each([LOCAL_DISK, S3])('A blob that is written in chunks, on $name', (adapter) => {
  let location: BlobLocation;
  let store: BlobStore;
  let id: BlobId;
  const opened: BlobChunks[] = [];
  beforeEach(async () => {
    location = await adapter.makeLocation();
    store = location.open();
    await store.claim({ installation: randomUUID(), pool: 7 as PoolId, location: 0, holdsMedia: false });
    id = newBlob();
  });
  afterEach(async () => {
    for (const chunks of opened.splice(0)) await chunks.discard();
    await store.remove(id);
    expect(await location.leftovers()).toEqual([]);
  });

  /** Another process that writes to the blob has a writer of its own. */
  function open(isBegun = false, length = LENGTH): BlobChunks {
    const chunks = store.chunked.chunks(id, length, CHUNK_BYTES, isBegun);
    opened.push(chunks);
    return chunks;
  }

  async function write(chunks: BlobChunks, one: Chunk): Promise<void> {
    await chunks.write(one, sourceOf(contentOf(one)), NEVER);
  }

  async function expectWhole(chunks: BlobChunks): Promise<void> {
    await chunks.assemble(NEVER);
    expect(await chunks.sha256(NEVER)).toBe(sha256(CONTENT));
    expect(await chunks.commit(false)).toMatchObject({ storedBytes: LENGTH, sha256: sha256(CONTENT) });
    expect(sha256(await location.read(id, 0, LENGTH))).toBe(sha256(CONTENT));
    expect(await location.sizeOf(id)).toBe(LENGTH);
  }

  it('takes them in any order, several at once, from several processes', async () => {
    const [one, other] = [open(), open()];
    await Promise.all([write(one, chunk(3)), write(other, chunk(1)), write(one, chunk(2))]);
    expect(await location.sizeOf(id)).toBeNull();
    await write(other, chunk(0));
    await expectWhole(one);
  });

  it('takes an empty one', async () => {
    const chunks = open(false, bytes(0));
    await chunks.write({ number: 0, from: bytes(0), to: bytes(0) }, sourceOf(), NEVER);
    await chunks.assemble(NEVER);
    expect(await chunks.sha256(NEVER)).toBe(sha256(Buffer.alloc(0)));
    await chunks.commit(true);
    expect(await location.sizeOf(id)).toBe(0);
  });

  it('replaces what an attempt left that failed', async () => {
    const chunks = open();
    const wrong = Buffer.alloc(CHUNK_BYTES, 255);
    const failure = new Error('the client is gone');
    await expect(chunks.write(chunk(1), failAfter(failure, wrong.subarray(9)), NEVER)).rejects.toBe(failure);
    for (const one of CHUNKS) await write(chunks, one);
    await expectWhole(chunks);
  });

  it('takes no chunk of a wrong length, and stores no byte outside of one', async () => {
    const chunks = open();
    await write(chunks, chunk(0));
    await write(chunks, chunk(2));
    const [first] = [contentOf(chunk(1))];
    await expect(chunks.write(chunk(1), sourceOf(first.subarray(1)), NEVER)).rejects.toMatchObject({
      code: 'body-too-short',
    });
    await expect(chunks.write(chunk(1), sourceOf(first, Buffer.alloc(1, 7)), NEVER)).rejects.toMatchObject({
      code: 'body-too-long',
    });
    await write(chunks, chunk(1));
    await write(chunks, chunk(3));
    await expectWhole(chunks);
  });

  it('stops with its signal while no bytes arrive', async () => {
    const [chunks, stalled, stop] = [open(), gate(), new AbortController()];
    const reason = new Error('the lease ended');
    const written = chunks.write(chunk(0), stallAfter(stalled, contentOf(chunk(0)).subarray(7)), stop.signal);
    await stalled.opened;
    stop.abort(reason);
    await expect(written).rejects.toBe(reason);
    await expect(chunks.write(chunk(0), sourceOf(contentOf(chunk(0))), stop.signal)).rejects.toBe(reason);
  });

  it('hashes while chunks arrive, and reads nothing twice', async () => {
    const chunks = open();
    await write(chunks, chunk(1));
    await write(chunks, chunk(0));
    chunks.advance(chunk(1).to);
    await until('the digest', () => chunks.readBackBytes >= chunk(1).to - chunk(1).from);
    await write(chunks, chunk(2));
    await write(chunks, chunk(3));
    chunks.advance(chunk(0).to);
    await expectWhole(chunks);
    expect(chunks.readBackBytes).toBeLessThanOrEqual(LENGTH);
  });

  it('is finished by a process that wrote nothing, also after a commit that was not recorded', async () => {
    const writer = open();
    for (const one of CHUNKS) await write(writer, one);
    await expectWhole(open(true));
    await expectWhole(open(true));
  });

  it('reads what is durable, or waits until it is put together', async () => {
    const chunks = open();
    await write(chunks, chunk(1));
    const { from } = chunk(1);
    expect([null, CONTENT.subarray(from, from + 9).toString('hex')]).toContain(
      (await chunks.read(from, 9)) && Buffer.from((await chunks.read(from, 9))!).toString('hex'),
    );
    for (const one of CHUNKS) await write(chunks, one);
    await chunks.assemble(NEVER);
    expect(Buffer.from((await chunks.read(LENGTH - 9, 9))!)).toEqual(CONTENT.subarray(LENGTH - 9));
  });

  it('knows which ranges it holds while it is not visible', async () => {
    const chunks = open();
    await write(chunks, chunk(0));
    await write(chunks, chunk(2));
    const process = open(true);
    expect(await process.holds([])).toBe(true);
    expect(await process.holds([chunk(0), chunk(2)])).toBe(true);
    await store.remove(id);
    expect(await process.holds([chunk(0)])).toBe(false);
    expect(await process.holds([])).toBe(true);
    await write(open(), chunk(0));
    expect(await open(true).holds([chunk(0), chunk(2)])).toBe(false);
  });

  it('is missing, and not created again, when its bytes are gone', async () => {
    await write(open(), chunk(0));
    await store.remove(id);
    const chunks = open(true);
    await expect(write(chunks, chunk(1))).rejects.toMatchObject({ code: 'bytes-missing' });
    await expect(chunks.assemble(NEVER)).rejects.toMatchObject({ code: 'bytes-missing' });
  });

  it('is missing when it is shorter than its length', async () => {
    const chunks = open();
    await write(chunks, chunk(0));
    await expect(chunks.assemble(NEVER)).rejects.toMatchObject({ code: 'bytes-missing' });
  });
});
