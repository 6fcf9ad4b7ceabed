import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { BackgroundFsync } from '../../../../src/adapters/blobs/local-disk/background-fsync.ts';
import { temporaryFolder } from '../../../support/files/temporary-folder.ts';

const MIB = 1024 * 1024;

describe('BackgroundFsync', () => {
  /** Writes these lengths to a file that cannot be synced; returns the failures. */
  async function failuresAfter(...lengths: readonly number[]): Promise<readonly unknown[]> {
    const file = await open(join(await temporaryFolder(), 'file'), 'w');
    await file.close();
    const failures: unknown[] = [];
    const syncs = new BackgroundFsync(file, (error) => failures.push(error));
    for (const length of lengths) {
      syncs.wrote(length);
      await syncs.drain();
    }
    return failures;
  }

  it('syncs after every 64 MiB, and reports the error of the disk', async () => {
    const failed = expect.objectContaining({ code: 'EBADF' }) as unknown;
    expect(await failuresAfter(64 * MIB)).toEqual([failed]);
    expect(await failuresAfter(63 * MIB, MIB, 63 * MIB, 2 * MIB)).toEqual([failed, failed]);
  });

  it('does not sync fewer bytes', async () => {
    expect(await failuresAfter(63 * MIB)).toEqual([]);
  });

  it('drains at once when no sync is under way', async () => {
    const file = await open(join(await temporaryFolder(), 'file'), 'w');
    const syncs = new BackgroundFsync(file, (error) => {
      throw error;
    });
    await syncs.drain();
    syncs.wrote(64 * MIB);
    await syncs.drain();
    await file.close();
  });
});
