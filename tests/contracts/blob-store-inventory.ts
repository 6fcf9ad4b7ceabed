import type { BlobStore, BlobEntry, ByteRange } from '../../src/application/ports/blob-store.ts';
import { withZeros } from '../../src/application/media/with-zeros.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { BlobId } from '../../src/domain/shared/ids.ts';
import type { FixtureOf } from './blob-store-fixture.ts';
import { idsIn, NEVER, newBlob, patterned, put, sourceOf } from '../support/files/byte-sources.ts';

const TIB = 1024 ** 4;

/** The contract of blobs that are allocated, removed and listed. */
export function promiseStoredBlobs(fixture: FixtureOf): void {
  it('allocates zeros, without received bytes', async () => {
    const { store } = fixture();
    const id = newBlob();
    expect(await store.allocate(id, bytes(100_001))).toMatchObject({ storedBytes: 0, sha256: null });
    expect((await seen(store, id, { from: 0, to: 100_001 })).equals(Buffer.alloc(100_001))).toBe(true);
  });

  it('knows a filesystem with free space, or none', async () => {
    const { store } = fixture();
    const [all, free] = [await store.filesystemBytes(), await store.freeBytes()];
    expect(free === null).toBe(all === null);
    expect(free ?? 0).toBeLessThanOrEqual(all ?? 0);
  });

  it('allocates a tebibyte as it does a byte', async () => {
    const { store } = fixture();
    const id = newBlob();
    await store.allocate(id, bytes(TIB));
    expect((await seen(store, id, { from: TIB - 4096, to: TIB })).equals(Buffer.alloc(4096))).toBe(true);
  });

  it('allocates a blob of 0 bytes', async () => {
    const { store } = fixture();
    const id = newBlob();
    await store.allocate(id, bytes(0));
    expect((await store.stat(id))?.storedBytes ?? 0).toBe(0);
  });

  it('allocates the same blob again', async () => {
    const { store } = fixture();
    const id = newBlob();
    await store.allocate(id, bytes(5));
    await store.allocate(id, bytes(5));
    expect((await seen(store, id, { from: 0, to: 5 })).equals(Buffer.alloc(5))).toBe(true);
    await store.remove(id);
    expect(await idsIn(store)).toEqual([]);
  });

  it('removes a blob, and accepts one that does not exist', async () => {
    const { store, location } = fixture();
    const [id, other] = [newBlob(), newBlob()];
    await put(store, id, patterned(3));
    await put(store, other, patterned(4));
    await store.remove(id);
    expect(await location.sizeOf(id)).toBeNull();
    await store.remove(id);
    await store.remove(newBlob());
    expect(await idsIn(store)).toEqual([other]);
  });

  it('removes an incomplete write, also of another process', async () => {
    const { store, location, owner } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(10));
    await expect(writer.write(sourceOf(patterned(4)), NEVER)).rejects.toMatchObject({ code: 'body-too-short' });
    const other = location.open();
    await other.claim({ ...owner, holdsMedia: true });
    expect(await idsIn(other)).toEqual([id]);
    await other.remove(id);
    expect(await idsIn(other)).toEqual([]);
    await writer.cancel();
  });

  it('lists every blob once, in pages, by ascending id', async () => {
    const { store, location } = fixture();
    const all = Array.from({ length: 1001 }, newBlob).sort();
    await location.plant(all);
    const listed: BlobEntry[] = [];
    for (let page = await store.list(); page.length > 0; page = await store.list(page.at(-1)?.id)) listed.push(...page);
    expect(listed).toEqual(all.map((id) => ({ id, storedBytes: 0, incompleteWrites: 0 })));
    expect(await store.list(all[499])).toEqual(listed.slice(500));
  });

  it('lists an incomplete write', async () => {
    const { store } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(4));
    await writer.write(sourceOf(patterned(4)), NEVER);
    expect(await idsIn(store)).toEqual([id]);
    await writer.cancel();
    expect(await idsIn(store)).toEqual([]);
  });

  it('returns the entry of each id, and clears only incomplete writes', async () => {
    const { store, location } = fixture();
    const [whole, half, nothing] = [newBlob(), newBlob(), newBlob()];
    await put(store, whole, patterned(3));
    const writers = [whole, half].map((id) => store.writer(id, bytes(4)));
    for (const writer of writers) await writer.write(sourceOf(patterned(4)), NEVER);
    const entries = [
      { id: whole, storedBytes: 3, incompleteWrites: 1 },
      { id: half, storedBytes: null, incompleteWrites: 1 },
    ];
    expect(await store.entries([nothing, whole, half])).toEqual([
      { id: nothing, storedBytes: null, incompleteWrites: 0 },
      ...entries,
    ]);
    expect(await store.list()).toEqual(entries.toSorted((left, right) => (left.id < right.id ? -1 : 1)));

    for (const id of [whole, half, nothing, whole]) await store.clear(id);
    expect(await store.list()).toEqual([{ id: whole, storedBytes: 3, incompleteWrites: 0 }]);
    expect(await location.sizeOf(whole)).toBe(3);
    for (const writer of writers) await writer.cancel();
  });

  it('refuses an id that is not a UUID', async () => {
    const { store } = fixture();
    for (const id of ['../escape', '.', '', 'a/b'] as BlobId[]) {
      await expect(store.remove(id)).rejects.toThrow();
      await expect(store.allocate(id, bytes(1))).rejects.toThrow();
      expect(() => store.writer(id, bytes(1))).toThrow();
    }
  });
}

/** What a reader of an allocated blob sees; a store need not have a blob of zeros. */
async function seen(store: BlobStore, id: BlobId, range: ByteRange): Promise<Buffer> {
  const stored = (await store.stat(id))?.storedBytes ?? 0;
  const chunks: Uint8Array[] = [];
  for await (const chunk of await withZeros(range, stored, async (part) => store.read(id, part, NEVER)))
    chunks.push(chunk);
  return Buffer.concat(chunks);
}
