import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { bytes } from '../../../../src/domain/shared/bytes.ts';
import type { PoolId } from '../../../../src/domain/shared/ids.ts';
import { folderLocation } from '../../../contracts/blob-store-local-disk.ts';
import { NEVER, newBlob, patterned, put } from '../../../support/files/byte-sources.ts';
import { mountReflinks, titleWithReflinks } from '../../../support/files/reflink-filesystem.ts';

const LONG = 40_000_000;
const reflinks = mountReflinks();
const { filesystem } = reflinks;
afterAll(() => filesystem?.unmount());

it(titleWithReflinks('Files can share blocks', reflinks), () => {
  expect([filesystem === null, reflinks.why === null]).toContain(true);
});

if (filesystem !== null) {
  describe('Copies on a filesystem where files can share blocks', () => {
    const folder = join(filesystem.folder, 'pool');
    const location = folderLocation(folder);
    const store = location.open();
    beforeAll(async () => {
      mkdirSync(folder);
      await store.claim({ installation: 'here', pool: 7 as PoolId, location: 0, holdsMedia: false });
    });

    const freeBytes = (): number => {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    };

    it('take no space and no time, report all bytes at once, and are independent of their source', async () => {
      const [from, to, longer] = [newBlob(), newBlob(), newBlob()];
      const content = patterned(LONG);
      await put(store, from, content);
      const before = freeBytes();
      const steps: (readonly number[])[] = [];
      const progress = async (...step: readonly number[]): Promise<void> => Promise.resolve(void steps.push(step));
      await store.copy(from, to, bytes(LONG), progress, NEVER);
      await store.copy(from, longer, bytes(LONG + 5000), progress, NEVER);
      expect(before - freeBytes()).toBeLessThan(LONG / 4);
      expect(steps).toEqual([
        [LONG, 0],
        [LONG, 0],
      ]);

      await location.writeInPlace?.(to);
      expect(Buffer.from(await location.read(from, 0, LONG)).equals(content)).toBe(true);
      await location.writeInPlace?.(from);
      expect(Buffer.from(await location.read(longer, 0, LONG)).equals(content)).toBe(true);
      expect(Buffer.from(await location.read(longer, LONG, 6000)).equals(Buffer.alloc(5000))).toBe(true);
      expect(await location.leftovers()).toEqual([]);
    });
  });
}
