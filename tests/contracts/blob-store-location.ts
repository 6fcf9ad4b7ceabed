import { randomUUID } from 'node:crypto';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { PoolId } from '../../src/domain/shared/ids.ts';
import type { FixtureOf } from './blob-store-fixture.ts';
import { idsIn, NEVER, newBlob, patterned, put, sourceOf } from '../support/files/byte-sources.ts';

const UNAVAILABLE = { code: 'unavailable' };

/** The contract of `PoolClaim`. */
export function promiseOwnLocation(fixture: FixtureOf): void {
  it('is claimed again by its owner, with or without media', async () => {
    const { location, owner } = fixture();
    await location.open().claim({ ...owner, holdsMedia: false });
    const store = location.open();
    await store.claim({ ...owner, holdsMedia: true });
    await store.probe();
  });

  it('is not claimed by another installation', async () => {
    const { location, owner } = fixture();
    const claimed = location.open().claim({ ...owner, installation: randomUUID(), holdsMedia: false });
    await expect(claimed).rejects.toThrow('another installation');
  });

  it('is not claimed by another pool, and the error names the owner', async () => {
    const { location, owner } = fixture();
    const claimed = location.open().claim({ ...owner, pool: 8 as PoolId, location: 0, holdsMedia: false });
    await expect(claimed).rejects.toThrow('pool 7 of this installation');
  });

  it('is not claimed without a marker while the pool holds media', async () => {
    const { location, owner } = fixture();
    await location.deleteMarker();
    const claimed = location.open().claim({ ...owner, holdsMedia: true });
    await expect(claimed).rejects.toThrow(/no marker .* although the pool holds media: .+/);
    await expect(location.open().claim({ ...owner, holdsMedia: true })).rejects.toThrow('no marker');
  });

  it('is marked again if its marker is missing and the pool holds no media', async () => {
    const { location, owner } = fixture();
    await location.deleteMarker();
    await location.open().claim({ ...owner, holdsMedia: false });
    await location.open().claim({ ...owner, holdsMedia: true });
  });

  it('is recognised by its owner only, without a change', async () => {
    const { location, owner } = fixture();
    const store = location.open();
    expect(await store.readMarker({ ...owner, installation: randomUUID() })).toBe('foreign');
    expect(await store.readMarker({ ...owner, pool: 8 as PoolId })).toBe('foreign');
    await expect(store.probe()).rejects.toMatchObject(UNAVAILABLE);
    expect(await store.readMarker(owner)).toBe('own');
    await store.probe();
    await location.deleteMarker();
    expect(await location.open().readMarker(owner)).toBe('missing');
    expect(await location.open().readMarker(owner)).toBe('missing');
  });

  it('cannot be used before a claim', async () => {
    const { location } = fixture();
    const store = location.open();
    await expect(store.probe()).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.remove(newBlob())).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.allocate(newBlob(), bytes(1))).rejects.toMatchObject(UNAVAILABLE);
    const writer = store.writer(newBlob(), bytes(1));
    await expect(writer.write(sourceOf(patterned(1)), NEVER)).rejects.toMatchObject(UNAVAILABLE);
    await writer.cancel();
  });

  it('neither stores nor loses bytes while it has another owner, and works again afterwards', async () => {
    const { location, store, owner } = fixture();
    const id = newBlob();
    await put(store, id, patterned(3));
    await store.probe();
    await location.deleteMarker();

    await expect(store.probe()).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.remove(id)).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.allocate(newBlob(), bytes(1))).rejects.toMatchObject(UNAVAILABLE);
    const writer = store.writer(newBlob(), bytes(1));
    await expect(writer.write(sourceOf(patterned(1)), NEVER)).rejects.toMatchObject(UNAVAILABLE);
    await writer.cancel();
    expect(await location.sizeOf(id)).toBe(3);

    await location.open().claim({ ...owner, holdsMedia: false });
    await store.probe();
    expect(await idsIn(store)).toEqual([id]);
    await store.remove(id);
  });
}
