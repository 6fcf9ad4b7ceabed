import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { SyncAlong } from '../../../../src/adapters/blobs/local-disk/sync-along.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const MIB = 1024 * 1024;

describe('SyncAlong', () => {
  /** Counts these bytes for a file that can't be synced any more; answers what came of it. */
  async function failuresAfter(...lengths: readonly number[]): Promise<readonly unknown[]> {
    const file = await open(join(await temporaryFolder(), 'file'), 'w');
    await file.close();
    const failures: unknown[] = [];
    const syncs = new SyncAlong(file, (error) => failures.push(error));
    for (const length of lengths) {
      syncs.wrote(length);
      await syncs.settle();
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
    const syncs = new SyncAlong(file, (error) => {
      throw error;
    });
    await syncs.settle();
    syncs.wrote(64 * MIB);
    await syncs.settle();
    await file.close();
  });
});
