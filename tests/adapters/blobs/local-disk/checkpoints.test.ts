import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Checkpoints, SyncQueue } from '../../../../src/adapters/blobs/local-disk/checkpoints.ts';
import { temporaryFolder } from '../../../support/files/temporary-folder.ts';
import { gate } from '../../../support/waiting/gate.ts';
import { until } from '../../../support/waiting/until.ts';

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

  it('sync while the one before is being recorded, and are recorded in their order', async () => {
    const mayRecord = gate();
    let syncs = 0;
    const counted = {
      datasync: async () => file.datasync().then(() => (syncs += 1)),
    } as unknown as FileHandle;
    const slowly = async (offset: number): Promise<void> => {
      await mayRecord.opened;
      await record(offset);
    };
    let written = DUE;
    const checkpoints = new Checkpoints(counted, new SyncQueue(), 0, () => written, slowly, fail);
    await checkpoints.keepUp(written);
    written += DUE;
    await until('the second sync', async () => {
      await checkpoints.keepUp(written);
      return syncs === 2;
    });
    expect(recorded).toEqual([]);
    mayRecord.open();
    written += 1;
    await checkpoints.keepUp(written);
    expect(recorded[0]).toBe(DUE);
    await checkpoints.end();
    expect([recorded, failures]).toEqual([[DUE, 2 * DUE], []]);
  });

  it('make up for a record that failed, unless the append waits for that', async () => {
    const failure = new Error('the database is away');
    let isAway = true;
    const whenBack = async (offset: number): Promise<void> => {
      if (isAway) throw failure;
      await record(offset);
    };
    const checkpoints = new Checkpoints(file, new SyncQueue(), 0, () => 2 * DUE, whenBack, fail);
    await checkpoints.keepUp(2 * DUE);
    await expect(checkpoints.keepUp(2 * DUE + 1)).rejects.toBe(failure);
    isAway = false;
    await checkpoints.keepUp(2 * DUE + 1);
    await checkpoints.end();
    expect([recorded, failures]).toEqual([[2 * DUE], []]);
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
