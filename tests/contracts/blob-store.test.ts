import { randomUUID } from 'node:crypto';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { PoolId } from '../../src/domain/shared/ids.ts';
import { idsIn, newBlob } from '../support/files/byte-sources.ts';
import { LOCAL_DISK } from './blob-store-local-disk.ts';
import { describeBlobStore } from './blob-store.ts';

describeBlobStore(LOCAL_DISK);

describe('An allocated blob on local disk', () => {
  it('is a file of its full size, for a hypervisor to open', async () => {
    const location = await LOCAL_DISK.makeLocation();
    const store = location.open();
    await store.claim({ installation: randomUUID(), pool: 7 as PoolId, location: 0, holdsMedia: false });
    const id = newBlob();
    await store.allocate(id, bytes(1024 ** 4));
    expect(await location.sizeOf(id)).toBe(1024 ** 4);
    await store.allocate(id, bytes(1024 ** 4));
    expect(await idsIn(store)).toEqual([id]);
  });
});
