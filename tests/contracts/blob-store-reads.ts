import type { ByteSource } from '../../src/application/ports/blob-store.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { FixtureOf } from './blob-store-fixture.ts';
import { NEVER, newBlob, patterned, put, sourceOf } from '../support/files/byte-sources.ts';

const MISSING = { code: 'bytes-missing' };
const LONG = 3_000_000;

/** The contract of `read` and `stat`. */
export function promiseReads(fixture: FixtureOf): void {
  it.each([
    [0, LONG],
    [0, 1],
    [LONG - 1, LONG],
    [1_000_000, 1_000_003],
    [5, 5],
    [LONG, LONG],
  ])('reads exactly the bytes from %i to %i', async (from, to) => {
    const { store } = fixture();
    const id = newBlob();
    const content = patterned(LONG);
    await put(store, id, content);
    const read = await allOf(await store.read(id, { from, to }, NEVER));
    expect(read.equals(content.subarray(from, to))).toBe(true);
  });

  it('reads a blob that is removed meanwhile to its end, or rejects', async () => {
    const { store } = fixture();
    const id = newBlob();
    await put(store, id, patterned(LONG));
    const source = await store.read(id, { from: 0, to: LONG }, NEVER);
    await store.remove(id);
    const length = await allOf(source).then(
      (read) => read.length,
      () => LONG,
    );
    expect(length).toBe(LONG);
  });

  it('finds neither missing nor uncommitted blobs', async () => {
    const { store } = fixture();
    const id = newBlob();
    await expect(store.read(id, { from: 0, to: 1 }, NEVER)).rejects.toMatchObject(MISSING);
    expect(await store.stat(id)).toBeNull();
    const writer = store.writer(id, bytes(4));
    await writer.write(sourceOf(patterned(4)), NEVER);
    await expect(store.read(id, { from: 0, to: 1 }, NEVER)).rejects.toMatchObject(MISSING);
    expect(await store.stat(id)).toBeNull();
    await writer.cancel();
  });

  it('rejects rather than end early when the blob is shorter', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    await put(store, id, patterned(LONG));
    await location.cutOff(id, 1_000_000);
    await expect(store.read(id, { from: 0, to: LONG }, NEVER).then(allOf)).rejects.toMatchObject(MISSING);
  });

  it('can be left early, also before its first byte', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    await put(store, id, patterned(LONG));
    for await (const chunk of await store.read(id, { from: 0, to: LONG }, NEVER)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(await location.leftovers()).toEqual([]);
    const untouched = await store.read(id, { from: 0, to: LONG }, NEVER);
    await untouched[Symbol.asyncIterator]().return?.();
    expect(await location.leftovers()).toEqual([]);
  });

  it('stops when its signal aborts, before it begins or in the middle', async () => {
    const { store } = fixture();
    const id = newBlob();
    const reason = new Error('the client went away');
    await put(store, id, patterned(LONG));
    await expect(store.read(id, { from: 0, to: 1 }, AbortSignal.abort(reason))).rejects.toBe(reason);
    const stop = new AbortController();
    const source = await store.read(id, { from: 0, to: LONG }, stop.signal);
    await expect(
      (async () => {
        for await (const chunk of source) stop.abort(chunk.length > 0 ? reason : 'no bytes');
      })(),
    ).rejects.toBe(reason);
  });

  it('returns the stat of a blob, with the fingerprint of the commit', async () => {
    const { store } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(5));
    await writer.write(sourceOf(patterned(5)), NEVER);
    const { fingerprint } = await writer.commit();
    expect(await store.stat(id)).toEqual({ storedBytes: 5, fingerprint });
    await allOf(await store.read(id, { from: 0, to: 5 }, NEVER));
    expect(await store.stat(id)).toEqual({ storedBytes: 5, fingerprint });

    const allocated = newBlob();
    const { fingerprint: ofZeros } = await store.allocate(allocated, bytes(1000));
    expect((await store.stat(allocated))?.fingerprint ?? null).toBe(ofZeros);
  });

  it('changes the fingerprint after a write in place, if the store allows one', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(1000));
    await writer.write(sourceOf(patterned(1000)), NEVER);
    const { fingerprint } = await writer.commit();
    if (location.writeInPlace === null) {
      expect(fingerprint).toBeNull();
      return;
    }
    await location.writeInPlace(id);
    const stat = (await store.stat(id))!;
    expect(stat.storedBytes).toBe(1000);
    expect(stat.fingerprint).not.toBe(fingerprint);
  });
}

async function allOf(source: ByteSource): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
