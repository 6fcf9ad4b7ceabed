import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { logIn, send, type Answer } from '../../support/http/client.ts';
import { createTestDatabase } from '../../support/database/test-database.ts';
import { until } from '../../support/waiting/until.ts';
import { openProxy, type BreakableProxy } from '../../support/database/breakable-proxy.ts';
import { Installation } from './installation.ts';
import { poolsFile } from './pools-file.ts';
import type { Program } from './program.ts';

describe('The health of a running Platter', () => {
  let wire: BreakableProxy;
  let installation: Installation;
  let platter: Program;
  let url: string;

  beforeAll(async () => {
    wire = await openProxy((await createTestDatabase()).url);
    installation = await Installation.beside(wire.url);
    const file = join(installation.folder, 'pools.yaml');
    await writeFile(
      file,
      poolsFile({ mpid: 1, name: 'first', path: 'first' }, { mpid: 2, name: 'second', path: 'second', default: true }),
    );
    platter = installation.start({ PLATTER_POOLS_FILE: file });
    url = await platter.ready();
  });
  afterAll(async () => {
    await platter.stop();
    await wire.close();
  });

  const folderOf = (name: string): string => join(installation.folder, name);
  const get = async (path: string): Promise<Answer> => send(url, { method: 'GET', path });
  const readiness = (status: string, database: string, first: string, second: string): object => ({
    status,
    database,
    pools: [
      { id: 1, name: 'first', state: first },
      { id: 2, name: 'second', state: second },
    ],
  });

  afterEach(async () => {
    await until('it is ready again', async () => (await get('/readyz')).status === 200);
    expect(await get('/readyz')).toMatchObject({ body: readiness('ready', 'usable', 'usable', 'usable') });
  });

  it('is ready, without an authkey', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200, body: { status: 'alive' } });
    expect((await get('/readyz')).status).toBe(200);
  });

  it('is alive but not ready while the database is unreachable, and ready again afterwards', async () => {
    const client = await logIn(url, 'root', await installation.rootPassword());
    wire.cut();
    expect(await get('/readyz')).toMatchObject({
      status: 503,
      body: readiness('not ready', 'unusable', 'usable', 'usable'),
    });
    expect((await get('/healthz')).status).toBe(200);
    const refused = await client.call('POST /u/user');
    expect(refused).toMatchObject({ status: 503, body: { code: 301 } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);

    wire.mend();
    await until('calls are answered again', async () => (await client.call('POST /u/user')).status === 200);
  });

  it('is not ready while the folder of the default pool is missing', async () => {
    await rename(folderOf('second'), folderOf('away'));
    expect(await get('/readyz')).toMatchObject({
      status: 503,
      body: readiness('not ready', 'usable', 'usable', 'unusable'),
    });
    await rename(folderOf('away'), folderOf('second'));
  });

  it('is ready, and reports the pool, while the folder of another pool is missing', async () => {
    await rename(folderOf('first'), folderOf('away'));
    expect(await get('/readyz')).toMatchObject({
      status: 200,
      body: readiness('ready', 'usable', 'unusable', 'usable'),
    });
    await rename(folderOf('away'), folderOf('first'));
  });
});
