import { randomUUID } from 'node:crypto';
import type { BlobAppender } from '../../src/application/ports/blob-appender.ts';
import type { BlobStore } from '../../src/application/ports/blob-store.ts';
import { bytes, type Bytes } from '../../src/domain/shared/bytes.ts';
import type { BlobId, PoolId } from '../../src/domain/shared/ids.ts';
import { failAfter, NEVER, newBlob, patterned, sha256, sourceOf, stallAfter } from '../support/files/byte-sources.ts';
import { closeTestBuckets } from '../support/s3/test-bucket.ts';
import { gate } from '../support/waiting/gate.ts';
import { until } from '../support/waiting/until.ts';
import type { BlobLocation } from './blob-store-fixture.ts';
import { LOCAL_DISK } from './blob-store-local-disk.ts';
import { S3 } from './blob-store-s3.ts';

const MIB = 1024 * 1024;
const CONTENT = patterned(5 * MIB + 7);
const SIZE = bytes(CONTENT.length);

afterAll(closeTestBuckets);

describe.each([LOCAL_DISK, S3])('A blob that is written in several requests, on $name', (adapter) => {
  let location: BlobLocation;
  let store: BlobStore;
  let id: BlobId;
  const opened: BlobAppender[] = [];
  beforeEach(async () => {
    location = await adapter.makeLocation();
    store = location.open();
    await store.claim({ installation: randomUUID(), pool: 7 as PoolId, location: 0, holdsMedia: false });
    id = newBlob();
  });
  afterEach(async () => {
    for (const appender of opened.splice(0)) await appender.discard();
    await store.remove(id);
    expect(await location.leftovers()).toEqual([]);
  });

  /** Another process that continues the blob has an appender of its own. */
  async function open(offset: number): Promise<BlobAppender> {
    const appender = store.resumable.appender(id, SIZE);
    opened.push(appender);
    await appender.open(bytes(offset), NEVER);
    return appender;
  }

  async function append(appender: BlobAppender, from: number, to: number): Promise<Bytes> {
    await appender.append(sourceOf(CONTENT.subarray(from, to)), NEVER, null);
    return appender.flush();
  }

  async function expectWhole(appender: BlobAppender): Promise<void> {
    expect(await appender.sha256(NEVER)).toBe(sha256(CONTENT));
    expect(await appender.commit(false)).toMatchObject({ storedBytes: SIZE, sha256: sha256(CONTENT) });
    expect(sha256(await location.read(id, 0, SIZE))).toBe(sha256(CONTENT));
    expect(await location.sizeOf(id)).toBe(SIZE);
  }

  it('is not read again by the process that wrote it all', async () => {
    const appender = await open(0);
    expect(await append(appender, 0, 3 * MIB + 1)).toBe(3 * MIB + 1);
    await appender.close();
    expect(await location.sizeOf(id)).toBeNull();
    await appender.open(bytes(3 * MIB + 1), NEVER);
    await append(appender, 3 * MIB + 1, SIZE);
    await expectWhole(appender);
    expect(appender.readBackBytes).toBe(0);
  });

  it('is read back as far as another process wrote it', async () => {
    await append(await open(0), 0, 3 * MIB);
    const other = await open(3 * MIB);
    await append(other, 3 * MIB, SIZE);
    await expectWhole(other);
    expect(other.readBackBytes).toBeGreaterThanOrEqual(3 * MIB);
  });

  it('continues at the durable offset, and discards bytes behind it', async () => {
    const appender = await open(0);
    await append(appender, 0, MIB);
    await append(appender, MIB, 2 * MIB);
    const other = await open(MIB);
    expect(other.offset).toBe(MIB);
    expect(await store.resumable.partialBytes(id)).toBe(MIB);
    await append(other, MIB, SIZE);
    await expectWhole(other);
  });

  it('keeps what came before a body was cut off', async () => {
    const appender = await open(0);
    const cut = failAfter(new Error('cut off'), CONTENT.subarray(0, 1000), CONTENT.subarray(1000, MIB + 1));
    await expect(appender.append(cut, NEVER, null)).rejects.toThrow('cut off');
    expect(await appender.flush()).toBe(MIB + 1);
    await append(appender, MIB + 1, SIZE);
    await expectWhole(appender);
    expect(appender.readBackBytes).toBe(0);
  });

  it('keeps what came before the signal, also when the body stalls', async () => {
    const appender = await open(0);
    const [stalled, stop] = [gate(), new AbortController()];
    const appended = appender.append(stallAfter(stalled, CONTENT.subarray(0, MIB)), stop.signal, null);
    await stalled.opened;
    stop.abort(new Error('another request'));
    await expect(appended).rejects.toThrow('another request');
    expect(await appender.flush()).toBe(MIB);
  });

  it('goes back to its mark, with its digest', async () => {
    const appender = await open(0);
    await append(appender, 0, MIB);
    appender.mark();
    await appender.append(sourceOf(patterned(MIB)), NEVER, null);
    appender.rewind();
    await appender.close();
    await appender.open(bytes(MIB), NEVER);
    expect(appender.offset).toBe(MIB);
    expect(await store.resumable.partialBytes(id)).toBe(MIB);
    await append(appender, MIB, SIZE);
    await expectWhole(appender);
    expect(appender.readBackBytes).toBe(0);
  });

  it('is not changed by a process whose lease has ended', async () => {
    const late = await open(0);
    await append(late, 0, MIB);
    late.mark();
    await late.append(sourceOf(patterned(10)), NEVER, null);
    const other = await open(MIB);
    await append(other, MIB, 3 * MIB);
    late.rewind();
    const ended = AbortSignal.abort(new Error('the lease ended'));
    for (const offset of [0, MIB]) await expect(late.open(bytes(offset), ended)).rejects.toThrow('the lease ended');
    expect(await store.resumable.partialBytes(id)).toBe(3 * MIB);
    await append(other, 3 * MIB, SIZE);
    await expectWhole(other);
  });

  it('takes no byte beyond its size', async () => {
    const appender = await open(0);
    await append(appender, 0, MIB);
    await expect(appender.append(sourceOf(CONTENT), NEVER, null)).rejects.toMatchObject({ code: 'body-too-long' });
    expect(await appender.flush()).toBe(MIB);
  });

  it('reads what was written, for a look at its beginning', async () => {
    const appender = await open(0);
    await append(appender, 0, 2000);
    expect(CONTENT.subarray(100, 150).equals((await appender.read(100, 50))!)).toBe(true);
    await expect(appender.read(1990, 50)).rejects.toMatchObject({ code: 'bytes-missing' });
  });

  describe.each([0, 1000, 3 * MIB, 5 * MIB, 5 * MIB + 3])('of which %i bytes came', (length) => {
    const content = CONTENT.subarray(0, length);

    async function expectShort(appender: BlobAppender): Promise<void> {
      expect(await appender.sha256(NEVER)).toBe(sha256(content));
      expect(await appender.commit(false)).toMatchObject({ storedBytes: length, sha256: sha256(content) });
      expect(sha256(await location.read(id, 0, length))).toBe(sha256(content));
      expect(await location.sizeOf(id)).toBe(length);
    }

    it('is complete when it is shortened', async () => {
      const appender = await open(0);
      await append(appender, 0, length);
      await appender.shorten();
      await expectShort(appender);
      expect(appender.readBackBytes).toBe(0);
    });

    it('is finished by another process that knows its new size', async () => {
      const appender = await open(0);
      await append(appender, 0, length);
      await appender.shorten();
      const other = store.resumable.appender(id, bytes(length));
      opened.push(other);
      await other.open(bytes(length), NEVER);
      await expectShort(other);
    });

    it('is shortened again after a crash before its new size was recorded', async () => {
      const appender = await open(0);
      await append(appender, 0, length);
      await appender.shorten();
      const other = await open(length);
      await other.shorten();
      await expectShort(other);
    });
  });

  it('makes a checkpoint when it is asked for one, of all that came', async () => {
    const appender = await open(0);
    const recorded: number[] = [];
    const [stalled, stop] = [gate(), new AbortController()];
    const source = stallAfter(stalled, CONTENT.subarray(0, MIB));
    const appended = appender.append(source, stop.signal, async (offset) => {
      recorded.push(offset);
      await Promise.resolve();
    });
    await stalled.opened;
    await until('a checkpoint', async () => {
      await appender.checkpoint();
      return recorded.length > 0;
    });
    expect(recorded.at(-1)).toBeGreaterThan(0);
    stop.abort(new Error('enough'));
    await expect(appended).rejects.toThrow('enough');
  });

  it('never has more than 64 MiB that are not recorded', async () => {
    const chunk = patterned(8 * MIB);
    const size = bytes(96 * MIB);
    const appender = store.resumable.appender(id, size);
    opened.push(appender);
    await appender.open(bytes(0), NEVER);
    let [sent, recorded, max] = [0, 0, 0];
    const source = async function* (): AsyncGenerator<Uint8Array> {
      for (; sent < size; sent += chunk.length) {
        max = Math.max(max, sent - recorded);
        yield chunk;
        await Promise.resolve();
      }
    };
    await appender.append(source(), NEVER, async (offset) => {
      recorded = offset;
      await Promise.resolve();
    });
    expect(recorded).toBeGreaterThanOrEqual(size - 64 * MIB);
    expect(max).toBeLessThanOrEqual(64 * MIB);
  });

  it('stops when a record fails', async () => {
    const chunk = patterned(8 * MIB);
    const appender = store.resumable.appender(id, bytes(1024 * MIB));
    opened.push(appender);
    await appender.open(bytes(0), NEVER);
    let sent = 0;
    const source = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) {
        sent += chunk.length;
        yield chunk;
        await Promise.resolve();
      }
    };
    const appended = appender.append(source(), NEVER, async () => Promise.reject(new Error('no lease')));
    await expect(appended).rejects.toThrow('no lease');
    expect(sent).toBeLessThanOrEqual(80 * MIB);
  });

  it('is missing when fewer bytes are there than were recorded, or none', async () => {
    await expect(open(1)).rejects.toMatchObject({ code: 'bytes-missing' });
    await append(await open(0), 0, MIB);
    await expect(open(MIB + 1)).rejects.toMatchObject({ code: 'bytes-missing' });
    expect(await store.resumable.partialBytes(newBlob())).toBeNull();
  });

  it('is finished by another process after a crash between its rename and the record of that', async () => {
    const appender = await open(0);
    await append(appender, 0, SIZE);
    await appender.sha256(NEVER);
    await appender.commit(true);
    await appender.discard();
    await expectWhole(await open(SIZE));
  });

  it('begins anew at offset 0', async () => {
    await append(await open(0), 0, MIB);
    const other = await open(0);
    expect(other.offset).toBe(0);
    await append(other, 0, SIZE);
    await expectWhole(other);
    expect(other.readBackBytes).toBe(0);
  });

  it('is removed with its bytes before it is visible', async () => {
    await append(await open(0), 0, MIB);
    await store.remove(id);
    expect(await store.resumable.partialBytes(id)).toBeNull();
  });
});
