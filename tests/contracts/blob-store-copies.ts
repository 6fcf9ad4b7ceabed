import type { CopyProgress } from '../../src/application/ports/blob-store.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { BlobId } from '../../src/domain/shared/ids.ts';
import { idsIn, NEVER, newBlob, patterned, put, sourceOf } from '../support/files/byte-sources.ts';
import type { FixtureOf } from './blob-store-fixture.ts';

const MISSING = { code: 'bytes-missing' };
const LONG = 3_000_000;
const CONTENT = patterned(LONG);
const quiet: CopyProgress = async () => Promise.resolve();

/** The contract of `copy`. */
export function promiseCopies(fixture: FixtureOf): void {
  async function content(id: BlobId, length: number): Promise<Buffer> {
    return Buffer.from(await fixture().location.read(id, 0, length));
  }

  it.each([0, 1, 65_536, 65_537, LONG])('copies %i bytes', async (length) => {
    const { store } = fixture();
    const [from, to] = [newBlob(), newBlob()];
    await put(store, from, patterned(length));
    const stored = await store.copy(from, to, bytes(length), quiet, NEVER);
    expect(stored.storedBytes).toBe(length);
    expect((await content(to, length + 1)).equals(patterned(length))).toBe(true);
    expect(await store.stat(to)).toMatchObject({ fingerprint: stored.fingerprint });
  });

  it('copies a blob that is mostly zeros', async () => {
    const { store } = fixture();
    const [from, to] = [newBlob(), newBlob()];
    const sparse = Buffer.alloc(LONG);
    for (const at of [0, 70_000, 1_048_575, 2_000_000, LONG - 1]) sparse[at] = 7;
    await put(store, from, sparse);
    await store.copy(from, to, bytes(LONG), quiet, NEVER);
    expect((await content(to, LONG)).equals(sparse)).toBe(true);
  });

  it('copies allocated zeros, if the store has a blob for them', async () => {
    const { store } = fixture();
    const [empty, copy] = [newBlob(), newBlob()];
    await store.allocate(empty, bytes(LONG));
    const isThere = (await store.stat(empty)) !== null;
    const copied = store.copy(empty, copy, bytes(LONG), quiet, NEVER);
    if (!isThere) {
      await expect(copied).rejects.toMatchObject(MISSING);
      expect(await idsIn(store)).toEqual([]);
      return;
    }
    await copied;
    expect((await allOf(copy)).every((byte) => byte === 0)).toBe(true);
  });

  /** The stored bytes of a blob. */
  async function allOf(id: BlobId): Promise<Buffer> {
    const stat = await fixture().store.stat(id);
    return content(id, stat!.storedBytes);
  }

  it('gives the copy the requested size: padded with zeros, or cut off', async () => {
    const { store } = fixture();
    const [from, longer, shorter] = [newBlob(), newBlob(), newBlob()];
    await put(store, from, patterned(1000));
    expect(await store.copy(from, longer, bytes(5000), quiet, NEVER)).toMatchObject({ storedBytes: 1000 });
    const grown = await allOf(longer);
    expect(grown.subarray(0, 1000).equals(patterned(1000))).toBe(true);
    expect(grown.subarray(1000).every((byte) => byte === 0)).toBe(true);
    expect(await store.copy(from, shorter, bytes(10), quiet, NEVER)).toMatchObject({ storedBytes: 10 });
    expect((await content(shorter, 1000)).equals(patterned(10))).toBe(true);
  });

  it('keeps a copy and its source independent of later writes and removals of either', async () => {
    const { store, location } = fixture();
    const [from, one, two] = [newBlob(), newBlob(), newBlob()];
    await put(store, from, CONTENT);
    await store.copy(from, one, bytes(LONG), quiet, NEVER);
    await store.copy(from, two, bytes(LONG), quiet, NEVER);
    await location.writeInPlace?.(one);
    expect((await content(from, LONG)).equals(CONTENT)).toBe(true);
    expect((await content(two, LONG)).equals(CONTENT)).toBe(true);
    await location.writeInPlace?.(from);
    expect((await content(two, LONG)).equals(CONTENT)).toBe(true);
    await store.remove(from);
    expect((await content(two, LONG)).equals(CONTENT)).toBe(true);
  });

  it('reports its progress, ending with all bytes', async () => {
    const { store } = fixture();
    const [from, to] = [newBlob(), newBlob()];
    await put(store, from, CONTENT);
    const steps: number[] = [];
    const progress: CopyProgress = async (copied) => {
      steps.push(copied);
      return Promise.resolve();
    };
    await store.copy(from, to, bytes(LONG), progress, NEVER);
    expect(steps.at(-1)).toBe(LONG);
    expect(steps).toEqual([...steps].sort((one, other) => one - other));
  });

  it('is not visible before its last report has resolved', async () => {
    const { store } = fixture();
    const [from, to] = [newBlob(), newBlob()];
    await put(store, from, CONTENT);
    const seen: unknown[] = [];
    await store.copy(from, to, bytes(LONG), async () => void seen.push(await store.stat(to)), NEVER);
    expect(new Set(seen)).toEqual(new Set([null]));
    expect(await store.stat(to)).not.toBeNull();
  });

  it('leaves nothing when the progress callback rejects, and can be repeated', async () => {
    const { store, location } = fixture();
    const [from, to] = [newBlob(), newBlob()];
    await put(store, from, CONTENT);
    const reason = new Error('the lease was lost');
    const copied = store.copy(from, to, bytes(LONG), async () => Promise.reject(reason), NEVER);
    await expect(copied).rejects.toBe(reason);
    expect(await location.leftovers()).toEqual([]);
    expect(await idsIn(store)).toEqual([from]);
    await store.copy(from, to, bytes(LONG), quiet, NEVER);
    expect((await content(to, LONG)).equals(CONTENT)).toBe(true);
  });

  it('leaves nothing when its signal aborts, before or during the copy', async () => {
    const { store, location } = fixture();
    const [from, to] = [newBlob(), newBlob()];
    await put(store, from, CONTENT);
    const reason = new Error('the process ends');
    const early = store.copy(from, to, bytes(LONG), quiet, AbortSignal.abort(reason));
    await expect(early).rejects.toBe(reason);
    const stop = new AbortController();
    const stopping: CopyProgress = async () => {
      stop.abort(reason);
      return Promise.resolve();
    };
    const late = store.copy(from, to, bytes(LONG), stopping, stop.signal);
    await expect(late).rejects.toBe(reason);
    expect(await location.leftovers()).toEqual([]);
    expect(await idsIn(store)).toEqual([from]);
  });

  it('fails without a source, and replaces an earlier copy', async () => {
    const { store } = fixture();
    const [from, to, none] = [newBlob(), newBlob(), newBlob()];
    await expect(store.copy(none, to, bytes(1), quiet, NEVER)).rejects.toMatchObject(MISSING);
    expect(await idsIn(store)).toEqual([]);
    await put(store, from, patterned(100));
    await put(store, to, Buffer.alloc(300, 1));
    await store.copy(from, to, bytes(100), quiet, NEVER);
    expect((await content(to, 300)).equals(patterned(100))).toBe(true);
  });

  it('can be made many times at once from one source', async () => {
    const { store } = fixture();
    const from = newBlob();
    await put(store, from, CONTENT);
    const copies = Array.from({ length: 8 }, () => newBlob());
    await Promise.all(copies.map(async (to) => store.copy(from, to, bytes(LONG), quiet, NEVER)));
    for (const to of copies) expect((await content(to, LONG)).equals(CONTENT)).toBe(true);
  });

  it('starts again after an attempt that did not finish', async () => {
    const { store } = fixture();
    const [from, to] = [newBlob(), newBlob()];
    await put(store, from, CONTENT);
    const writer = store.writer(to, bytes(10));
    await writer.write(sourceOf(patterned(10)), NEVER);
    await store.copy(from, to, bytes(LONG), quiet, NEVER);
    expect((await content(to, LONG)).equals(CONTENT)).toBe(true);
    await writer.cancel();
    expect((await content(to, LONG)).equals(CONTENT)).toBe(true);
  });
}
