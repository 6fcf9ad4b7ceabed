import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalDiskStore } from '../../../../src/adapters/blobs/local-disk/local-disk-store.ts';
import type { ByteSource } from '../../../../src/application/ports/blob-store.ts';
import { bytes } from '../../../../src/domain/shared/bytes.ts';
import type { PoolId } from '../../../../src/domain/shared/ids.ts';
import { openBelow } from '../../../contracts/blob-store-local-disk.ts';
import { idsIn, NEVER, newBlob, patterned, put, sourceOf, stallAfter } from '../../../support/files/byte-sources.ts';
import { gate } from '../../../support/waiting/gate.ts';
import { modeOf, READ_ONLY, WRITABLE } from '../../../support/files/mode-of.ts';
import { startScript } from '../../../support/program/script.ts';
import { onSmallFilesystem, titleWithMount } from '../../../support/files/small-filesystem.ts';
import { temporaryFolder } from '../../../support/files/temporary-folder.ts';
import { hashingThreads } from '../../../support/fixtures/hashing-threads.ts';

const MIB = 1024 * 1024;
const OWNER = { installation: 'here', pool: 1 as PoolId, location: 0 };
const MARKER = '.platter-pool.json';

async function openStore(folder: string): Promise<LocalDiskStore> {
  const store = new LocalDiskStore(folder, hashingThreads);
  await store.claim({ ...OWNER, holdsMedia: false });
  return store;
}

/** A failed blob leaves neither a file nor an open handle. */
async function expectOnlyMarker(folder: string): Promise<void> {
  expect(await readdir(folder)).toEqual([MARKER]);
  expect(await openBelow(folder)).toEqual([]);
}

describe('LocalDiskStore on a filesystem', () => {
  it(
    titleWithMount('that is full fails with no-space, leaves nothing, and works again once there is space'),
    onSmallFilesystem(4, async ({ folder }) => {
      const store = await openStore(folder);
      const writer = store.writer(newBlob(), bytes(8 * MIB));
      async function* tooMuch(): ByteSource {
        for (let sent = 0; sent < 8; sent += 1) yield patterned(MIB);
      }
      await expect(writer.write(tooMuch(), NEVER)).rejects.toMatchObject({ code: 'no-space' });
      await writer.cancel();
      await expectOnlyMarker(folder);
      await put(store, newBlob(), patterned(2 * MIB));
    }),
  );

  it(
    titleWithMount('that is full fails at once, without waiting for the rest of the upload'),
    onSmallFilesystem(2, async ({ folder }) => {
      const store = await openStore(folder);
      const writer = store.writer(newBlob(), bytes(8 * MIB));
      await expect(writer.write(stallAfter(gate(), patterned(4 * MIB)), NEVER)).rejects.toMatchObject({
        code: 'no-space',
      });
      await writer.cancel();
      await expectOnlyMarker(folder);
    }),
  );

  it(
    titleWithMount('that is full still allocates, since zeros take no space'),
    onSmallFilesystem(1, async ({ folder }) => {
      const store = await openStore(folder);
      const id = newBlob();
      await store.allocate(id, bytes(1024 * MIB));
      expect(await stat(join(folder, id))).toMatchObject({ size: 1024 * MIB, blocks: 0 });
    }),
  );

  it(
    titleWithMount('that became read-only is unavailable, and a claim says why'),
    onSmallFilesystem(1, async ({ folder, remount }) => {
      const store = await openStore(folder);
      await remount('ro');
      const unavailable = { code: 'unavailable' };
      await expect(store.probe()).rejects.toMatchObject(unavailable);
      await expect(store.remove(newBlob())).rejects.toMatchObject(unavailable);
      await expect(store.allocate(newBlob(), bytes(1))).rejects.toMatchObject(unavailable);
      const writer = store.writer(newBlob(), bytes(1));
      await expect(writer.write(sourceOf(patterned(1)), NEVER)).rejects.toMatchObject(unavailable);
      await writer.cancel();
      await expect(store.claim({ ...OWNER, holdsMedia: true })).rejects.toThrow(
        /EROFS.*read-only: mount it for writing/,
      );
      await remount('rw');
      await store.probe();
      await expectOnlyMarker(folder);
    }),
  );

  it('that refuses files of this size fails with quota-exceeded by the backend, and leaves nothing', async () => {
    const folder = await temporaryFolder();
    const script = startScript(join(import.meta.dirname, 'write-beyond-limit.ts'), folder, newBlob(), newBlob());
    const tooLarge = { code: 'quota-exceeded', detail: { needed: 2 * MIB, left: null, limitedBy: 'backend' } };
    expect(JSON.parse(await script.line())).toMatchObject([tooLarge, tooLarge]);
    await expectOnlyMarker(folder);
  });

  it('allocates without using space', async () => {
    const folder = await temporaryFolder();
    const store = await openStore(folder);
    const id = newBlob();
    await store.allocate(id, bytes(1024 ** 4));
    const { size, blocks } = await stat(join(folder, id));
    expect(size).toBe(1024 ** 4);
    expect(blocks * 512).toBeLessThan(MIB);
  });

  it('lets the group of a blob read it, and write to it only if it is writable, and no other user read it', async () => {
    const folder = join(await temporaryFolder(), 'pool');
    const store = await openStore(folder);
    for (const writable of [false, true]) {
      const [written, allocated, copied, turned] = [newBlob(), newBlob(), newBlob(), newBlob()];
      const writer = store.writer(written, bytes(3), { writable });
      await writer.write(sourceOf(patterned(3)), NEVER);
      await writer.commit();
      await store.allocate(allocated, bytes(3), writable);
      const source = newBlob();
      await store.allocate(source, bytes(3), !writable);
      await store.copy(source, copied, bytes(3), () => Promise.resolve(), NEVER, writable);
      await store.allocate(turned, bytes(3), !writable);
      await store.setWritable(turned, writable);
      for (const id of [written, allocated, copied, turned]) {
        expect(await modeOf(join(folder, id))).toBe(writable ? WRITABLE : READ_ONLY);
      }
    }
    expect((await stat(folder)).mode & 0o777).toBe(0o750);
    expect((await stat(join(folder, MARKER))).mode & 0o777).toBe(0o640);
  });
});

describe('LocalDiskStore', () => {
  it('says what to do about a path that is not a folder', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    for (const path of ['file', 'file/below']) {
      const claimed = new LocalDiskStore(join(folder, path), hashingThreads).claim({ ...OWNER, holdsMedia: false });
      await expect(claimed).rejects.toThrow(/not a folder: correct the path in the pools file/);
    }
  });

  it('says what to do about an unreadable marker, and does not overwrite it', async () => {
    const folder = await temporaryFolder();
    for (const damaged of ['{"installation":', '', 'null', '[]', '{"installation":"here"}']) {
      await writeFile(join(folder, MARKER), damaged);
      const claimed = new LocalDiskStore(folder, hashingThreads).claim({ ...OWNER, holdsMedia: false });
      await expect(claimed).rejects.toThrow(/marker .*cannot be read: .+/);
      expect((await stat(join(folder, MARKER))).size).toBe(damaged.length);
    }
  });

  it('creates the folder of a new pool with its parents', async () => {
    const folder = join(await temporaryFolder(), 'a', 'b');
    await (await openStore(folder)).probe();
  });

  it('is unavailable when its folder is missing, instead of listing it as empty', async () => {
    const folder = join(await temporaryFolder(), 'pool');
    const store = new LocalDiskStore(folder, hashingThreads);
    await expect(store.list()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('does not list foreign files as blobs', async () => {
    const folder = await temporaryFolder();
    const store = await openStore(folder);
    for (const name of ['README', '.partial-x', '.draft-1']) await writeFile(join(folder, name), '');
    await mkdir(join(folder, 'lost+found'));
    expect(await idsIn(store)).toEqual([]);
    await chmod(folder, 0o700);
  });
});
