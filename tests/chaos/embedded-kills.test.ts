import { join } from 'node:path';
import { findPostmaster } from '../../src/adapters/embedded-postgres/postmaster.ts';
import { holdUpload } from '../acceptance/start-up/held-upload.ts';
import { Installation } from '../acceptance/start-up/installation.ts';
import { freshName, logIn, send, type Client } from '../support/http/client.ts';
import { expectNoDrift } from '../support/fixtures/usage-drift.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { filesIn } from '../support/fixtures/pool-fixture.ts';
import { until } from '../support/waiting/until.ts';

describe('Platter with an embedded database', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.embedded();
  });

  const cluster = (): string => join(installation.dataDirectory, 'postgres', 'cluster', 'pgdata');
  const database = async (): Promise<number | null> => (await findPostmaster(cluster()))?.pid ?? null;
  const rootClient = async (url: string): Promise<Client> => logIn(url, 'root', await installation.rootPassword());
  const namesOf = async (client: Client): Promise<string[]> =>
    (await client.ask<{ media: { name: string }[] }>('POST /m/media/list', { gid: 0 })).media.map(({ name }) => name);

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes uploads on %s to the whole process group, ends its database last, and keeps the items',
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

  it('takes over its database after a kill, and sweeps unfinished uploads', async () => {
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
    await until('the unfinished upload is swept', async () => {
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

  it('recovers its database after both were killed', async () => {
    const platter = installation.start();
    const client = await rootClient(await platter.ready());
    const name = freshName('kept');
    await client.upload({ group: 0, name }, 'bytes');
    const postmaster = await database();
    platter.signalGroup('SIGKILL');
    process.kill(postmaster!, 'SIGKILL');
    await platter.ended();
    await until('the database has ended', async () => (await database()) === null);

    const next = installation.start();
    expect(await namesOf(await rootClient(await next.ready()))).toContain(name);
    await next.stop();
  });

  it('restarts its database after that was killed, and keeps serving', async () => {
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
});
