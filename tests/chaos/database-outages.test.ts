import { rename } from 'node:fs/promises';
import { freshName, logIn, send } from '../support/http/client.ts';
import { startPlatter } from '../support/program/platter.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.ts';
import { until } from '../support/waiting/until.ts';
import { openDatabaseProxy, type DatabaseProxy } from '../acceptance/velocity/database-proxy.ts';
import { expectError } from '../acceptance/velocity/provocation.ts';
import { beginUpload } from '../acceptance/velocity/raw-upload.ts';
import {
  makeAssignedGroup,
  mediaOf,
  midOf,
  openScene,
  startReplica,
  untilAdmitted,
  untilNothingIsLeft,
  type Scene,
} from '../acceptance/velocity/scene.ts';

const SIZE_BYTES = 1024 * 1024;

async function statusOf(url: string, path: string): Promise<number> {
  return (await send(url, { method: 'GET', path })).status;
}

describe('During a database outage', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let scene: Scene;
  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await openDatabaseProxy(database.url);
    const platter = await startPlatter({ database, env: { DATABASE_URL: proxy.url } });
    scene = { platter, root: await logIn(platter.url) };
  });
  afterEach(() => proxy.mend());

  it('every call answers 503, and works again afterwards', async () => {
    const gid = await makeAssignedGroup(scene);
    proxy.cut();
    for (const operation of ['POST /m/pool/list', 'POST /m/media/list', 'POST /u/group', 'DELETE /u/group']) {
      expectError(await scene.root.call(operation, { gid }), 301, 503);
    }
    expectError(await scene.root.call('POST /u/auth', { name: 'root', password: 'wrong' }), 301, 503);
    expectError(await scene.root.upload({ group: gid, name: freshName('media') }, Buffer.alloc(SIZE_BYTES)), 301, 503);
    proxy.mend();
    expect(await mediaOf(scene, gid)).toEqual([]);
  });

  it('Platter is alive but not ready', async () => {
    expect(await statusOf(scene.platter.url, '/readyz')).toBe(200);
    proxy.cut();
    expect(await statusOf(scene.platter.url, '/healthz')).toBe(200);
    expect(await statusOf(scene.platter.url, '/readyz')).toBe(503);
    proxy.mend();
    await until('Platter is ready again', async () => (await statusOf(scene.platter.url, '/readyz')) === 200);
  });

  it('an upload that ends is answered 503, and leaves nothing once the database is back', async () => {
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    const connection = await beginUpload(scene.root, { group: gid, name }, SIZE_BYTES);
    await connection.send(Buffer.alloc(SIZE_BYTES / 2));
    await untilAdmitted(scene, name);
    proxy.cut();
    await connection.send(Buffer.alloc(SIZE_BYTES / 2));
    expectError(await connection.answer(), 301, 503);
    proxy.mend();
    await untilNothingIsLeft(scene, gid, name);
  });

  it('an upload continues if the database is back in time', async () => {
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    const connection = await beginUpload(scene.root, { group: gid, name }, SIZE_BYTES);
    await connection.send(Buffer.alloc(SIZE_BYTES / 2));
    await untilAdmitted(scene, name);
    proxy.cut();
    expectError(await scene.root.call('POST /u/user'), 301, 503);
    proxy.mend();
    await connection.send(Buffer.alloc(SIZE_BYTES / 2));
    expect((await connection.answer()).status).toBe(200);
    expect(await mediaOf(scene, gid)).toMatchObject([{ name, size: SIZE_BYTES }]);
  });
});

describe('While the folder of a pool is missing', () => {
  it('nothing is written or lost, and everything works again afterwards', async () => {
    const scene = await openScene();
    const { platter, root } = scene;
    const gid = await makeAssignedGroup(scene);
    const kept = freshName('media');
    const mid = midOf(await root.upload({ group: gid, name: kept }, 'bytes'));

    await rename(platter.poolFolder, `${platter.poolFolder}-away`);
    expectError(await root.upload({ group: gid, name: freshName('media') }, Buffer.alloc(SIZE_BYTES)), 301, 503);
    const order = { gid, mpid: 1, name: freshName('media'), size: 1 };
    expectError(await root.call('PUT /m/media/create', order), 301, 503);
    expect(await statusOf(platter.url, '/readyz')).toBe(503);
    expect((await root.call('DELETE /m/media', { mid })).status).toBe(200);
    expect(await mediaOf(scene, gid)).toEqual([]);

    await rename(`${platter.poolFolder}-away`, platter.poolFolder);
    expect(await statusOf(platter.url, '/readyz')).toBe(200);
    expect((await root.upload({ group: gid, name: kept }, 'bytes')).status).toBe(200);
  });
});

describe('When a replica', () => {
  it('is killed, its next start sweeps the uploads that it was receiving', async () => {
    const scene = await openScene();
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    const connection = await beginUpload(scene.root, { group: gid, name }, SIZE_BYTES);
    await connection.send(Buffer.alloc(SIZE_BYTES / 2));
    await untilAdmitted(scene, name);
    await scene.platter.kill('SIGKILL');
    await scene.platter.restart();
    const again = { ...scene, root: await logIn(scene.platter.url) };
    await untilNothingIsLeft(again, gid, name);
  });

  it('is killed, another one sweeps its uploads once their lease has expired', async () => {
    const lease = { PLATTER_LEASE: '1', PLATTER_LEASE_GRACE: '0' };
    const scene = await openScene({ env: lease });
    const replica = await startReplica(scene, lease);
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    const client = await logIn(replica.url);
    const connection = await beginUpload(client, { group: gid, name }, SIZE_BYTES);
    await connection.send(Buffer.alloc(SIZE_BYTES / 2));
    await untilAdmitted(scene, name);
    await replica.kill('SIGKILL');
    await untilNothingIsLeft(scene, gid, name);
  });
});
