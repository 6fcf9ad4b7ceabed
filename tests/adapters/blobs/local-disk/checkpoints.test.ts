import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Checkpoints, SyncQueue } from '../../../../src/adapters/blobs/local-disk/checkpoints.ts';
import { temporaryFolder } from '../../../support/files/temporary-folder.ts';
import { gate } from '../../../support/waiting/gate.ts';

const DUE = 32 * 1024 * 1024;

describe('Checkpoints', () => {
  let file: FileHandle;
  let recorded: number[];
  let failures: unknown[];
  beforeEach(async () => {
    file = await open(join(await temporaryFolder(), 'file'), 'w');
    [recorded, failures] = [[], []];
  });
  afterEach(async () => file.close());

  const fail = (error: unknown): void => void failures.push(error);
  const record = async (offset: number): Promise<void> => {
    recorded.push(offset);
    await Promise.resolve();
  };

  it('are not made of a file that may be closed, because its append has ended', async () => {
    const mayRecord = gate();
    const slowly = async (offset: number): Promise<void> => {
      recorded.push(offset);
      await mayRecord.opened;
    };
    let written = DUE;
    const checkpoints = new Checkpoints(file, new SyncQueue(), 0, () => written, slowly, fail);
    await checkpoints.keepUp(written);
    written += 1;
    const asked = checkpoints.now();
    const ended = checkpoints.end().then(async () => file.close());
    mayRecord.open();
    await Promise.all([asked, ended]);
    expect([recorded, failures]).toEqual([[DUE], []]);
  });

  it('wait for those of the same location, and not for a disk of another that hangs', async () => {
    const isBack = gate();
    const hanging = { datasync: async () => isBack.opened } as unknown as FileHandle;
    const [here, elsewhere] = [new SyncQueue(), new SyncQueue()];
    const of = (one: FileHandle, syncs: SyncQueue, offset: number): Checkpoints =>
      new Checkpoints(one, syncs, 0, () => offset, record, fail);
    const first = of(hanging, here, 1).now();
    const second = of(file, here, 2).now();
    await of(file, elsewhere, 3).now();
    expect(recorded).toEqual([3]);
    isBack.open();
    await Promise.all([first, second]);
    expect(recorded.slice(1)).toEqual([1, 2]);
  });

  it('report the error of the disk', async () => {
    await file.close();
    const checkpoints = new Checkpoints(file, new SyncQueue(), 0, () => 1, record, fail);
    await expect(checkpoints.now()).rejects.toMatchObject({ code: 'EBADF' });
    expect([recorded, failures]).toEqual([[], [expect.objectContaining({ code: 'EBADF' })]]);
  });

  it('without a record only sync, while no other sync is under way, and report the error of the disk', async () => {
    const [isBack, syncs] = [gate(), new SyncQueue()];
    const other = syncs.run(async () => isBack.opened);
    await file.close();
    let written = DUE - 1;
    const checkpoints = new Checkpoints(file, syncs, 0, () => written, null, fail);
    await checkpoints.keepUp(written);
    written = 3 * DUE;
    await checkpoints.keepUp(written);
    isBack.open();
    await other;
    expect(failures).toEqual([]);
    await checkpoints.keepUp(written);
    await checkpoints.end();
    expect(failures).toEqual([expect.objectContaining({ code: 'EBADF' })]);
  });
});
