import { bytes } from '../../src/domain/shared/bytes.ts';
import type { FixtureOf } from './blob-store-fixture.ts';
import { failAfter, idsIn, NEVER, newBlob, patterned, sha256, sourceOf } from '../support/files/byte-sources.ts';

const MIB = 1024 * 1024;

/** The contract of `BlobWriter` for complete and incomplete bodies. */
export function promiseWholeWrites(fixture: FixtureOf): void {
  it('stores exactly the received bytes, and returns their number and SHA-256', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const content = patterned(3 * MIB + 5);
    const writer = store.writer(id, bytes(content.length));
    await writer.write(
      sourceOf(content.subarray(0, 1), content.subarray(1, 2 * MIB), content.subarray(2 * MIB)),
      NEVER,
    );
    expect(await writer.commit()).toMatchObject({ storedBytes: content.length, sha256: sha256(content) });
    expect(await location.sizeOf(id)).toBe(content.length);
    expect(sha256(await location.read(id, 0, content.length))).toBe(sha256(content));
  });

  it('stores a blob of 0 bytes', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(0));
    await writer.write(sourceOf(), NEVER);
    expect(await writer.commit()).toMatchObject({ storedBytes: 0, sha256: sha256(Buffer.alloc(0)) });
    expect(await location.sizeOf(id)).toBe(0);
  });

  it('accepts empty chunks', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(2));
    const nothing = new Uint8Array();
    await writer.write(sourceOf(nothing, Buffer.from('a'), nothing, Buffer.from('b'), nothing), NEVER);
    expect(await writer.commit()).toMatchObject({ storedBytes: 2, sha256: sha256(Buffer.from('ab')) });
    expect(Buffer.from(await location.read(id, 0, 2)).toString()).toBe('ab');
  });

  it('does nothing before write', async () => {
    const { store, location } = fixture();
    store.writer(newBlob(), bytes(5));
    expect(await idsIn(store)).toEqual([]);
    expect(await location.leftovers()).toEqual([]);
  });

  it('makes the bytes visible only by the commit', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(4));
    async function* watched() {
      yield Buffer.from('half');
      expect(await location.sizeOf(id)).toBeNull();
    }
    await writer.write(watched(), NEVER);
    expect(await location.sizeOf(id)).toBeNull();
    await writer.commit();
    expect(await location.sizeOf(id)).toBe(4);
  });

  it('returns the same for a repeated commit, concurrent or later', async () => {
    const { store } = fixture();
    const writer = store.writer(newBlob(), bytes(3));
    await writer.write(sourceOf(Buffer.from('abc')), NEVER);
    const [first, second] = await Promise.all([writer.commit(), writer.commit()]);
    expect(second).toEqual(first);
    expect(await writer.commit()).toEqual(first);
    expect(first).toMatchObject({ storedBytes: 3, sha256: sha256(Buffer.from('abc')) });
  });

  it('fails to commit without a write', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    await expect(store.writer(id, bytes(0)).commit()).rejects.toThrow();
    expect(await location.sizeOf(id)).toBeNull();
  });

  it('refuses a body that is too short, with both lengths', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(10));
    await expect(writer.write(sourceOf(patterned(9)), NEVER)).rejects.toMatchObject({
      code: 'body-too-short',
      detail: { promised: 10, received: 9 },
    });
    await expect(writer.commit()).rejects.toThrow();
    await writer.cancel();
    expect(await location.sizeOf(id)).toBeNull();
  });

  it('refuses an empty body for a blob of more than 0 bytes', async () => {
    const writer = fixture().store.writer(newBlob(), bytes(1));
    await expect(writer.write(sourceOf(), NEVER)).rejects.toMatchObject({ code: 'body-too-short' });
    await writer.cancel();
  });

  it.each([0, 10])('refuses a body that is longer than %i bytes, without reading more of it', async (promised) => {
    const { store, location } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(promised));
    let asked = 0;
    async function* endless() {
      for (;;) {
        asked += 1;
        yield patterned(7 * MIB);
      }
    }
    await expect(writer.write(endless(), NEVER)).rejects.toMatchObject({ code: 'body-too-long', detail: { promised } });
    await writer.cancel();
    expect(asked).toBeLessThanOrEqual(2);
    expect(await location.sizeOf(id)).toBeNull();
  });

  it('refuses a body that is one byte too long', async () => {
    const writer = fixture().store.writer(newBlob(), bytes(10));
    await expect(writer.write(sourceOf(patterned(10), patterned(1)), NEVER)).rejects.toMatchObject({
      code: 'body-too-long',
    });
    await writer.cancel();
  });

  it('rejects with the error of the source', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(10));
    const torn = new Error('the wire is torn');
    await expect(writer.write(failAfter(torn, patterned(4)), NEVER)).rejects.toBe(torn);
    await writer.cancel();
    expect(await location.sizeOf(id)).toBeNull();
  });

  it('does not mistake a filesystem error of the source for its own', async () => {
    const writer = fixture().store.writer(newBlob(), bytes(10));
    const cut = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
    await expect(writer.write(failAfter(cut, patterned(4)), NEVER)).rejects.toBe(cut);
    await writer.cancel();
  });

  it('closes the source', async () => {
    const writer = fixture().store.writer(newBlob(), bytes(1));
    let closed = false;
    async function* tidy() {
      try {
        yield patterned(2);
        yield patterned(2);
      } finally {
        closed = true;
      }
    }
    await expect(writer.write(tidy(), NEVER)).rejects.toMatchObject({ code: 'body-too-long' });
    await writer.cancel();
    expect(closed).toBe(true);
  });
}
