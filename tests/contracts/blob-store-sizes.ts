import { bytes } from '../../src/domain/shared/bytes.ts';
import { idsIn, newBlob, patterned, put } from '../support/files/byte-sources.ts';
import type { FixtureOf } from './blob-store-fixture.ts';

const MISSING = { code: 'bytes-missing' };

/**
 * The contract of `resize`. A store that keeps only received bytes may keep only those: nothing of
 * a blob of zeros.
 */
export function promiseSizes(fixture: FixtureOf): void {
  it('keeps the bytes of a blob that grows, followed by zeros at most', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const content = patterned(1000);
    await put(store, id, content);
    for (const size of [5000, 5000, 5001]) {
      const { storedBytes } = await store.resize(id, bytes(size));
      expect(storedBytes).toBe(await location.sizeOf(id));
      expect([1000, size]).toContain(storedBytes);
    }
    const length = (await location.sizeOf(id))!;
    const read = Buffer.from(await location.read(id, 0, length));
    expect(read.subarray(0, 1000).equals(content)).toBe(true);
    expect(read.subarray(1000).every((byte) => byte === 0)).toBe(true);
  });

  it('keeps no more bytes than the size when a blob of zeros shrinks', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    await store.allocate(id, bytes(5000));
    if ((await store.stat(id)) === null) {
      await expect(store.resize(id, bytes(10))).rejects.toMatchObject(MISSING);
      return;
    }
    const { storedBytes, fingerprint } = await store.resize(id, bytes(10));
    expect(storedBytes).toBeLessThanOrEqual(10);
    expect(await location.sizeOf(id)).toBeLessThanOrEqual(10);
    expect(await store.stat(id)).toEqual({ storedBytes, fingerprint });
  });

  it('keeps all received bytes when a blob grows and shrinks back', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const content = patterned(1000);
    await put(store, id, content);
    await store.resize(id, bytes(5000));
    const { storedBytes, fingerprint } = await store.resize(id, bytes(1000));
    expect(storedBytes).toBe(1000);
    expect(await store.stat(id)).toEqual({ storedBytes, fingerprint });
    expect(Buffer.from(await location.read(id, 0, 1001)).equals(content)).toBe(true);
  });

  it('keeps bytes and fingerprint when writes in place are allowed or forbidden', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    await put(store, id, patterned(1000));
    const before = await store.stat(id);
    const areFiles = location.writeInPlace !== null;
    for (const writable of [true, false]) {
      expect(await store.setWritable(id, writable)).toBe(areFiles);
      expect(await store.setWritable(id, writable)).toBe(false);
    }
    expect(await store.stat(id)).toEqual(before);
    expect(Buffer.from(await location.read(id, 0, 1001)).equals(patterned(1000))).toBe(true);
    if (areFiles) await expect(store.setWritable(newBlob(), true)).rejects.toMatchObject(MISSING);
    expect(await idsIn(store)).toEqual([id]);
  });

  it('creates no missing blob, and touches none while the location has another owner', async () => {
    const { store, location, owner } = fixture();
    await expect(store.resize(newBlob(), bytes(1))).rejects.toMatchObject(MISSING);
    expect(await idsIn(store)).toEqual([]);
    const id = newBlob();
    await put(store, id, patterned(3));
    await location.deleteMarker();
    await expect(store.resize(id, bytes(5))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await location.sizeOf(id)).toBe(3);
    await location.open().claim({ ...owner, holdsMedia: false });
  });
}
