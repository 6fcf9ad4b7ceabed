import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPostmaster } from '../../src/adapters/embedded-postgres/postmaster.ts';
import { logIn, send, type Client } from '../support/http/client.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { Installation } from '../acceptance/start-up/installation.ts';

const LOCK_HELD = 'is running on the data directory';

describe('Platter without any configuration', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.embedded({ initialised: false });
  });

  const cluster = (): string => join(installation.dataDirectory, 'postgres', 'cluster', 'pgdata');
  const database = async (): Promise<number | null> => (await findPostmaster(cluster()))?.pid ?? null;
  const rootClient = async (url: string): Promise<Client> => logIn(url, 'root', await installation.rootPassword());

  it('serves, with a generated root password that only the owner of its file can read', async () => {
    const platter = installation.start();
    const url = await platter.ready();
    expect((await send(url, { method: 'GET', path: '/readyz' })).body).toEqual({
      status: 'ready',
      database: 'usable',
      pools: [{ id: 1, name: 'default', state: 'usable' }],
    });

    const file = join(installation.dataDirectory, 'root-password');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(installation.dataDirectory, 'connection.json'))).mode & 0o777).toBe(0o600);
    expect(await platter.logged('generated a password for the user root: it is in this file')).toMatchObject({ file });
    await rootClient(url);

    // `stop` fails if the password was printed: standard error is not a terminal here.
    await platter.stop();
    expect(await database()).toBeNull();
    expect(await readdir(installation.dataDirectory)).not.toContain('connection.json');
  });

  it('refuses a second start on the same directory, and names the process that uses it', async () => {
    const platter = installation.start();
    const url = await platter.ready();
    const complaints = await installation.refusal();
    expect(complaints).toContain(
      `platter: Another Platter (process ${platter.pid}) ${LOCK_HELD} ${installation.dataDirectory}. Stop it first, or`,
    );
    await rootClient(url);
    await platter.stop();
  });

  it.each([
    ['SIGTERM to npm', (pid: number) => process.kill(pid, 'SIGTERM')],
    ['SIGINT to the whole group', (pid: number) => process.kill(-pid, 'SIGINT')],
  ])('started by npm, drains and ends on %s', async (_name, signal) => {
    const platter = installation.start({}, { npm: true });
    await platter.ready();
    signal(platter.pid);
    await platter.logged('Platter has stopped');
    expect(await platter.ended()).toEqual({ code: 0, signal: null });
    expect(await database()).toBeNull();
  });

  it('refuses a connection without its password, which no command line shows', async () => {
    const platter = installation.start();
    await platter.ready();
    const databaseUrl = await installation.databaseUrl();
    expect(new URL(databaseUrl).hostname).toBe('127.0.0.1');
    const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(await database())]);
    expect(stdout).not.toContain(new URL(databaseUrl).password);
    const open = new URL(databaseUrl);
    open.password = '';
    await expect(rowsOf(open.href, 'select 1')).rejects.toThrow('password');
    await platter.stop();
  });
});
