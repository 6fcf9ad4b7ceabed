import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { logIn } from '../support/http/client.ts';
import { startPlatter, type Platter } from '../support/program/platter.ts';
import { rowsOf } from '../support/database/test-database.ts';

async function withMedia(): Promise<{ platter: Platter; file: string }> {
  const platter = await startPlatter();
  const root = await logIn(platter.url);
  const { body } = await root.upload({ group: 0, name: 'media' }, 'bytes');
  return { platter, file: join(platter.poolFolder, (body as { mid: string }).mid) };
}

describe('startPlatter', () => {
  it('serves the same data after a restart, and passes the checks of stop', async () => {
    const { platter } = await withMedia();
    await platter.restart();
    const root = await logIn(platter.url);
    expect(await root.ask('POST /m/media/list', { gid: 0 })).toMatchObject({ media: [{ name: 'media' }] });
    await platter.stop();
  });

  it.each<[string, (platter: Platter, file: string) => Promise<unknown>]>([
    ['a file that belongs to no item', async ({ poolFolder }) => writeFile(join(poolFolder, 'stray'), '')],
    ['a file of the wrong size', async (_platter, file) => truncate(file, 1)],
    ['usage that has drifted', async ({ database }) => rowsOf(database.url, 'update usage set used = used + 1')],
    [
      'a blob that belongs to no item',
      async ({ database }) => rowsOf(database.url, 'insert into blobs values (gen_random_uuid(), 1)'),
    ],
  ])('fails the checks of stop with %s', async (_what, spoil) => {
    const { platter, file } = await withMedia();
    await spoil(platter, file);
    await expect(platter.stop()).rejects.toThrow();
    expect(platter.process.exitCode).toBe(0);
  });

  it('fails the checks of stop after an unexpected failure, unless the test announced it', async () => {
    for (const failures of [0, 1]) {
      const platter = await startPlatter({ failures });
      const root = await logIn(platter.url);
      await rowsOf(platter.database.url, 'alter table users rename to people');
      expect((await root.call('POST /u/user/list')).status).toBe(500);
      await rowsOf(platter.database.url, 'alter table people rename to users');
      if (failures === 0) await expect(platter.stop()).rejects.toThrow();
      else await platter.stop();
    }
  });

  it('says why the program did not start', async () => {
    await expect(startPlatter({ env: { PLATTER_PORT: 'none' } })).rejects.toThrow(/PLATTER_PORT: must be/);
  });
});
