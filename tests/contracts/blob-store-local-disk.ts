import { open, readdir, readlink, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalDiskStore } from '../../src/adapters/blobs/local-disk/local-disk-store.ts';
import { isUuid } from '../../src/domain/shared/ids.ts';
import { temporaryFolder } from '../support/files/temporary-folder.ts';
import type { BlobLocation, BlobStoreAdapter } from './blob-store-fixture.ts';
import { hashingThreads } from '../support/fixtures/hashing-threads.ts';

const MARKER = '.platter-pool.json';

/** Locations that are folders. */
export const LOCAL_DISK: BlobStoreAdapter = {
  name: 'local disk',
  makeLocation: async () => folderLocation(join(await temporaryFolder(), 'pool')),
};

/** A folder as the location of one store. */
export function folderLocation(folder: string): BlobLocation {
  return {
    open: () => new LocalDiskStore(folder, hashingThreads),
    sizeOf: async (id) => {
      try {
        return (await stat(join(folder, id))).size;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    read: async (id, from, length) => {
      const file = await open(join(folder, id));
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
    plant: async (ids) => {
      for (const id of ids) await writeFile(join(folder, id), '');
    },
    writeInPlace: async (id) => {
      const file = await open(join(folder, id), 'r+');
      await file.write('written in place', 0);
      await file.close();
    },
    cutOff: async (id, length) => truncate(join(folder, id), length),
    deleteMarker: async () => rm(join(folder, MARKER)),
    leftovers: async () => [...(await strayNames(folder)), ...(await openBelow(folder))],
  };
}

async function strayNames(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name !== MARKER && !isUuid(name));
}

/** The files below a folder that this process has open. */
export async function openBelow(folder: string): Promise<readonly string[]> {
  const handles = await readdir('/proc/self/fd');
  const targets = await Promise.all(handles.map(async (fd) => readlink(join('/proc/self/fd', fd)).catch(() => '')));
  return targets.filter((target) => target === folder || target.startsWith(`${folder}/`));
}
