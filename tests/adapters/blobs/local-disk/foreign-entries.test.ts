import { execFile } from 'node:child_process';
import { lstat, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalDiskStore } from '../../../../src/adapters/blobs/local-disk/local-disk-store.ts';
import { bytes } from '../../../../src/domain/shared/bytes.ts';
import type { BlobId, PoolId } from '../../../../src/domain/shared/ids.ts';
import { openBelow } from '../../../contracts/blob-store-local-disk.ts';
import { NEVER, newBlob, patterned, put } from '../../../support/files/byte-sources.ts';
import { hashingThreads } from '../../../support/fixtures/hashing-threads.ts';
import { temporaryFolder } from '../../../support/files/temporary-folder.ts';

const OWNER = { installation: 'here', pool: 1 as PoolId, location: 0 };
const SECRET = 'what lies outside of the pool';

/** Entries with the name of a blob that are no regular file. */
const ENTRIES: readonly (readonly [kind: string, put: (path: string, outside: string) => Promise<unknown>])[] = [
  ['a link to a file', async (path, outside) => symlink(outside, path)],
  ['a link to nothing', async (path) => symlink('/nowhere/at/all', path)],
  ['a pipe', async (path) => promisify(execFile)('mkfifo', [path])],
  ['a folder', async (path) => mkdir(path)],
];

describe.each(ENTRIES)('%s in place of a blob', (_kind, putEntry) => {
  let folder: string;
  let outside: string;
  let store: LocalDiskStore;
  let id: BlobId;
  beforeEach(async () => {
    folder = join(await temporaryFolder(), 'pool');
    outside = join(await temporaryFolder(), 'secret');
    await writeFile(outside, SECRET);
    store = new LocalDiskStore(folder, hashingThreads);
    await store.claim({ ...OWNER, holdsMedia: false });
    id = newBlob();
  });

  afterEach(async () => {
    expect(await readFile(outside, 'utf8')).toBe(SECRET);
    expect(await openBelow(folder)).toEqual([]);
  });

  it('is not read, resized or copied, and its bytes count as missing', async () => {
    await putEntry(join(folder, id), outside);
    const missing = expect.objectContaining({ code: 'bytes-missing' }) as Error;
    await expect(store.read(id, { from: 0, to: bytes(4) }, NEVER)).rejects.toEqual(missing);
    await expect(store.resize(id, bytes(1))).rejects.toEqual(missing);
    await expect(store.copy(id, newBlob(), bytes(4), async () => undefined, NEVER)).rejects.toEqual(missing);
    expect(await store.stat(id)).toBeNull();
    expect(await store.entries([id])).toEqual([{ id, storedBytes: null, incompleteWrites: 0 }]);
  });

  it('is not deleted', async () => {
    await putEntry(join(folder, id), outside);
    await expect(store.remove(id)).rejects.toMatchObject({ code: 'unavailable' });
    expect((await lstat(join(folder, id))).isFile()).toBe(false);
  });

  it('is not written through when it has the name of a partial file', async () => {
    const partial = join(folder, `.partial-${id}`);
    await putEntry(partial, outside);
    const source = newBlob();
    await put(store, source, patterned(64));
    const failed = expect.objectContaining({ message: expect.any(String) as string }) as Error;
    await expect(put(store, id, patterned(64))).rejects.toEqual(failed);
    await expect(store.allocate(id, bytes(64))).rejects.toEqual(failed);
    await expect(store.copy(source, id, bytes(64), async () => undefined, NEVER)).rejects.toEqual(failed);
    await expect(store.clear(id)).rejects.toMatchObject({ code: 'unavailable' });
    expect((await lstat(partial)).isFile()).toBe(false);
    expect(await readdir(folder)).not.toContain(id);
  });
});
