import { randomBytes } from 'node:crypto';
import { assign, makeGroup, midOf, openScene, poolOf, type Scene } from '../acceptance/velocity/scene.ts';
import { NativeClient } from '../acceptance/native/native-client.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { logIn } from '../support/http/client.ts';
import { PARTIAL, poolFixturesOf } from '../support/fixtures/pool-fixture.ts';
import { until } from '../support/waiting/until.ts';

/** Slow enough to be killed in the middle: the copy takes two seconds. */
const SLOW = { PLATTER_COPY_RATE: '2000000', PLATTER_LEASE: '1', PLATTER_LEASE_GRACE: '0' };
const CONTENT = randomBytes(4_000_000);
const POOLS = JSON.stringify({
  pools: [
    { mpid: 1, name: 'old', path: 'old', default: true },
    { mpid: 2, name: 'new', path: 'new' },
  ],
});

describe('A move to another pool whose program is killed', () => {
  let scene: Scene;
  beforeAll(async () => (scene = await openScene({ poolsFile: POOLS, env: SLOW })));

  it('is finished by the next program, with the bytes once, under the id of the item', async () => {
    const { platter } = scene;
    const stores = poolFixturesOf(POOLS, platter.dataDirectory, undefined);
    const group = await makeGroup(scene);
    for (const mpid of [1, 2]) await assign(scene, group, { mpid });
    const id = midOf(await scene.root.upload({ group, name: 'disk', type: 'DISK', readonly: false }, CONTENT));
    const job = await NativeClient.by(scene.root).ask<{ id: string }>(`PATCH /media/${id}`, { pool: 2 });
    await until('some of it is copied', async () => {
      return (await stores.get(2)!.stored()).some(([name]) => name === `${PARTIAL}${id}`);
    });
    await platter.kill('SIGKILL');
    await platter.restart();

    const root = await logIn(platter.url);
    const native = NativeClient.by(root);
    await until('the move has ended', async () => {
      return (await native.ask<{ state: string }>(`GET /jobs/${job.id}`)).state === 'done';
    });
    expect(await native.ask(`GET /media/${id}`)).toMatchObject({ id, group, pool: 2, size: CONTENT.length });
    expect(Buffer.from((await native.call(`GET /media/${id}/content`)).bytes).equals(CONTENT)).toBe(true);
    await until('the old bytes are deleted', async () => {
      return (await rowsOf(platter.database.url, `select id from media where state = 'removing'`)).length === 0;
    });
    expect(await stores.get(1)!.stored()).toEqual([]);
    expect(await stores.get(2)!.stored()).toEqual([[id, CONTENT.length]]);
    const used = async (mpid: number): Promise<number> => (await poolOf({ ...scene, root }, group, mpid)).used;
    expect([await used(1), await used(2)]).toEqual([0, CONTENT.length]);
    expect(await rowsOf(platter.database.url, 'select attempts from jobs')).toEqual([{ attempts: 2 }]);
  });
});
