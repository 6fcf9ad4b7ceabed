import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { startScript } from '../../support/program/script.ts';
import { temporaryFolder } from '../../support/files/temporary-folder.ts';
import { until } from '../../support/waiting/until.ts';
import { dataFolderOf, runServer } from './running-server.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('The first start of the embedded database', () => {
  it('starts anew after one that was killed halfway', async () => {
    const directory = await temporaryFolder();
    const first = startScript(join(import.meta.dirname, 'run-server.ts'), directory);
    const unfinished = async (): Promise<string[]> =>
      (await readdir(join(directory, 'postgres')).catch(() => [])).filter((name) => name.startsWith('initialising-'));
    await until('PostgreSQL is writing its first files', async () => {
      const [folder] = await unfinished();
      if (folder === undefined) return false;
      return (await readdir(join(directory, 'postgres', folder, 'pgdata')).catch(() => [])).length > 0;
    });
    await first.end('SIGKILL');
    await expect(stat(dataFolderOf(directory))).rejects.toThrow('ENOENT');

    const second = await runServer(directory);
    expect(second.said).toContain(`info Initialising the embedded database in ${join(directory, 'postgres')}`);
    expect(await rowsOf(second.url, 'select current_database() as name')).toEqual([{ name: 'platter' }]);
    await second.script.end('SIGTERM');

    const third = await runServer(directory);
    expect(third.url.split('@')[0]).toBe(second.url.split('@')[0]);
    await third.script.end('SIGTERM');
  });

  // Only root runs the database as another user, which may lack access to a folder.
  it('names the folder that the database of root may not enter, and says what to do', async () => {
    const closed = join(await temporaryFolder(), 'home');
    const directory = join(closed, 'checkout', 'data', 'postgres');
    await mkdir(closed);
    await chmod(closed, 0o700);
    const starting = startEmbeddedPostgres({ directory, log: silent, durable: false });
    if (process.getuid!() !== 0) {
      await (await starting).stop();
      return;
    }
    const error = await starting.catch((thrown: unknown) => String(thrown));
    expect(error).toContain(`which may not enter ${closed}. `);
    for (const channel of [`chmod o+x ${closed}`, 'PLATTER_DATA_DIR', 'DATABASE_URL']) expect(error).toContain(channel);
  });

  it('does not create a second cluster when the first one is damaged', async () => {
    const directory = join(await temporaryFolder(), 'postgres');
    await mkdir(join(directory, 'cluster'), { recursive: true });
    await chmod(directory, 0o711);
    await expect(startEmbeddedPostgres({ directory, log: silent, durable: false })).rejects.toThrow(
      `The password of the embedded database, ${join(directory, 'cluster', 'password')}, cannot be read.`,
    );
    expect(await readdir(join(directory, 'cluster'))).toEqual([]);
  });
});
