import { freshName, send, type Answer, type UploadOrder } from '../../support/http/client.ts';
import { scrape } from '../../support/http/exposition.ts';
import { until } from '../../support/waiting/until.ts';
import { assign, makeAssignedGroup, mediaOf, midOf, poolOf, type Scene } from '../../acceptance/velocity/scene.ts';

/** The pool that nothing befalls, and the one that has a bad day. */
export const [WELL, ILL] = [1, 2] as const;
export const BYTES = Buffer.alloc(100_000, 'bytes of media');

/** A fresh group with both pools. */
export async function makeGroupOnBoth(scene: Scene): Promise<number> {
  const gid = await makeAssignedGroup(scene);
  await assign(scene, gid, { mpid: ILL });
  return gid;
}

export async function upload(
  { root }: Scene,
  group: number,
  pool: number,
  order: Partial<UploadOrder> = {},
): Promise<Answer> {
  return root.upload({ group, pool, name: freshName('media'), ...order }, BYTES);
}

/** As `upload`; answers the id. */
export async function bring(
  scene: Scene,
  group: number,
  pool: number,
  order: Partial<UploadOrder> = {},
): Promise<string> {
  return midOf(await upload(scene, group, pool, order));
}

export async function remove({ root }: Scene, mid: string): Promise<void> {
  await root.ask('DELETE /m/media', { mid });
}

/**
 * Fails unless everything that has nothing to do with the pool that is ill goes on, and everybody
 * is told of that one.
 */
export async function expectOthersWell(scene: Scene, gid: number): Promise<void> {
  const { platter, root } = scene;
  const mid = await bring(scene, gid, WELL);
  expect((await root.read(mid)).bytes).toEqual(BYTES);
  expect((await mediaOf(scene, gid)).map((media) => media.mid)).toContain(mid);
  for (const mpid of [WELL, ILL]) expect((await poolOf(scene, gid, mpid)).mpid).toBe(mpid);
  await remove(scene, mid);
  expect((await root.read(mid)).status).toBe(404);

  const { status, body } = await send(platter.url, { method: 'GET', path: '/readyz' });
  const states = (body as { pools: { state: string }[] }).pools.map(({ state }) => state);
  expect([status, states]).toEqual([200, ['usable', 'unusable']]);
  const metrics = await scrape(platter.url);
  expect([WELL, ILL].map((pool) => metrics.value(`platter_pool_usable{pool="${pool}"}`))).toEqual([1, 0]);
}

/**
 * What the sweeper has to take away goes from the pool that is well, whatever waits for the other
 * one.
 */
export async function expectOthersSwept(scene: Scene, order: Partial<UploadOrder> = {}): Promise<void> {
  const { platter, root } = scene;
  const gid = await makeAssignedGroup(scene);
  const mid = await bring(scene, gid, WELL, order);
  await root.ask('DELETE /u/group', { gid });
  await until('the bytes of a removed group go', async () => {
    return !(await platter.stored()).some(([name]) => name === mid);
  });
}
