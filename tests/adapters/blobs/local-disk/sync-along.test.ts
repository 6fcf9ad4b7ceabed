import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { BackgroundFsync } from '../../../../src/adapters/blobs/local-disk/background-fsync.ts';
import { temporaryFolder } from '../../../support/files/temporary-folder.ts';

const MIB = 1024 * 1024;

describe('BackgroundFsync', () => {
  /** Counts these bytes for a file that can't be synced any more; answers what came of it. */
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

  it('syncs each time that 64 MiB have gathered, and tells what the disk says', async () => {
    const failed = expect.objectContaining({ code: 'EBADF' }) as unknown;
    expect(await failuresAfter(64 * MIB)).toEqual([failed]);
    expect(await failuresAfter(63 * MIB, MIB, 63 * MIB, 2 * MIB)).toEqual([failed, failed]);
  });

  it('leaves less than that to the end', async () => {
    expect(await failuresAfter(63 * MIB)).toEqual([]);
  });

  it('resolves when there is nothing to wait for', async () => {
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
