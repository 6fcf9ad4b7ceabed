import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPostmaster } from '../../../src/adapters/embedded-postgres/postmaster.ts';
import { freshName, logIn, send, type Client } from '../../support/client.ts';
import { expectNoDrift } from '../../support/invariant.ts';
import { filesIn } from '../../support/shelves.ts';
import { rowsOf } from '../../support/postgres.ts';
import { until } from '../../support/until.ts';
import { holdUpload } from './held-upload.ts';
import { Installation } from './installation.ts';

const LOCK_HELD = 'is running on the data directory';

describe('Platter without any configuration', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.embedded({ initialised: false });
  });

  const cluster = (): string => join(installation.dataDirectory, 'postgres', 'cluster', 'pgdata');
  const database = async (): Promise<number | null> => (await findPostmaster(cluster()))?.pid ?? null;
  const rootClient = async (url: string): Promise<Client> => logIn(url, 'root', await installation.rootPassword());
  const namesOf = async (client: Client): Promise<string[]> =>
    (await client.ask<{ media: { name: string }[] }>('POST /m/media/list', { gid: 0 })).media.map(({ name }) => name);

  it('serves, with a password for root that only the owner of its file can read', async () => {
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
    expect(await platter.logged('made up a password for the user root: it is in this file')).toMatchObject({ file });
    await rootClient(url);

    // The end fails where the password was said: standard error is no terminal here.
    await platter.stop();
    expect(await database()).toBeNull();
    expect(await readdir(installation.dataDirectory)).not.toContain('connection.json');
  });

  it('refuses a second start on the same directory, and says who has it', async () => {
    const platter = installation.start();
    const url = await platter.ready();
    const complaints = await installation.refusal();
    expect(complaints).toContain(
      `platter: Another Platter (process ${platter.pid}) ${LOCK_HELD} ${installation.dataDirectory}. Stop it first, or`,
    );
    await rootClient(url);
    await platter.stop();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes what is under way on %s to the whole process group, ends its database last, and has the media later',
    async (signal) => {
      const platter = installation.start();
      const client = await rootClient(await platter.ready());
      const name = freshName(signal);
      const upload = await holdUpload(client, { group: 0, name }, installation.poolFolder);
      platter.signalGroup(signal);
      await platter.logged('Platter is stopping');
      upload.goOn();
      expect(await upload.outcome).toMatchObject({ status: 200 });
      expect(await platter.ended()).toEqual({ code: 0, signal: null });
      expect(platter.log.filter(({ level }) => level !== 'info')).toEqual([]);
      expect(await database()).toBeNull();

      const next = installation.start();
      expect(await namesOf(await rootClient(await next.ready()))).toContain(name);
      await next.stop();
    },
  );

  it('takes over its database after a kill, and takes away what was under way', async () => {
    const platter = installation.start();
    const client = await rootClient(await platter.ready());
    const kept = freshName('kept');
    await client.upload({ group: 0, name: kept }, 'bytes');
    const files = await filesIn(installation.poolFolder);
    const half = freshName('half');
    const upload = await holdUpload(client, { group: 0, name: half }, installation.poolFolder);
    const before = await database();
    platter.signalGroup('SIGKILL');
    expect(await platter.ended()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await upload.outcome).toBe('cut off');
    expect(await database()).toBe(before);

    const next = installation.start();
    const url = await next.ready();
    await next.logged('Took over the embedded database that an earlier Platter left running');
    expect(await database()).toBe(before);
    const databaseUrl = await installation.databaseUrl();
    await until('the half upload is gone', async () => {
      const left = await rowsOf(databaseUrl, `select id from media where state <> 'ready'`);
      return left.length === 0;
    });
    expect(await filesIn(installation.poolFolder)).toEqual(files);
    await expectNoDrift(databaseUrl);
    const names = await namesOf(await rootClient(url));
    expect(names).toContain(kept);
    expect(names).not.toContain(half);
    await next.stop();
  });

  it('recovers its database when both were killed', async () => {
    const platter = installation.start();
    const client = await rootClient(await platter.ready());
    const name = freshName('kept');
    await client.upload({ group: 0, name }, 'bytes');
    const postmaster = await database();
    platter.signalGroup('SIGKILL');
    process.kill(postmaster!, 'SIGKILL');
    await platter.ended();
    await until('the database is gone', async () => (await database()) === null);

    const next = installation.start();
    expect(await namesOf(await rootClient(await next.ready()))).toContain(name);
    await next.stop();
  });

  it('starts its database again when that was killed, and serves on', async () => {
    const platter = installation.start();
    const url = await platter.ready();
    const client = await rootClient(url);
    process.kill((await database())!, 'SIGKILL');
    await platter.logged('The embedded database runs again');
    await until(
      'Platter is ready again',
      async () => (await send(url, { method: 'GET', path: '/readyz' })).status === 200,
    );
    expect((await client.call('POST /u/user')).status).toBe(200);
    await platter.stop();
  });

  it.each([
    ['SIGTERM to npm', (pid: number) => process.kill(pid, 'SIGTERM')],
    ['SIGINT to the whole group', (pid: number) => process.kill(-pid, 'SIGINT')],
  ])('started by npm, ends in good order on %s', async (_name, signal) => {
    const platter = installation.start({}, { npm: true });
    await platter.ready();
    signal(platter.pid);
    await platter.logged('Platter has stopped');
    expect(await platter.ended()).toEqual({ code: 0, signal: null });
    expect(await database()).toBeNull();
  });

  it('belongs to nobody else', async () => {
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
