import { freshName, send, type Answer, type UploadOrder } from '../../support/http/client.ts';
import { scrape } from '../../support/http/scrape.ts';
import { until } from '../../support/waiting/until.ts';
import { assign, makeAssignedGroup, mediaOf, midOf, poolOf, type Scene } from '../../acceptance/velocity/scene.ts';

/** The pool that stays healthy, and the one that a test breaks. */
export const [HEALTHY, FAULTY] = [1, 2] as const;
export const BYTES = Buffer.alloc(100_000, 'bytes of media');

/** Creates a group that may use both pools. */
export async function createGroupOnBoth(scene: Scene): Promise<number> {
  const gid = await makeAssignedGroup(scene);
  await assign(scene, gid, { mpid: FAULTY });
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

/** Uploads an item and returns its id. */
export async function uploadMedia(
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
 * Fails unless the healthy pool works as before, and readiness and metrics report the other one as
 * unusable.
 */
export async function expectHealthyPoolUsable(scene: Scene, gid: number): Promise<void> {
  const { platter, root } = scene;
  const mid = await uploadMedia(scene, gid, HEALTHY);
  expect((await root.read(mid)).bytes).toEqual(BYTES);
  expect((await mediaOf(scene, gid)).map((media) => media.mid)).toContain(mid);
  for (const mpid of [HEALTHY, FAULTY]) expect((await poolOf(scene, gid, mpid)).mpid).toBe(mpid);
  await remove(scene, mid);
  expect((await root.read(mid)).status).toBe(404);

  const { status, body } = await send(platter.url, { method: 'GET', path: '/readyz' });
  const states = (body as { pools: { state: string }[] }).pools.map(({ state }) => state);
  expect([status, states]).toEqual([200, ['usable', 'unusable']]);
  const metrics = await scrape(platter.url);
  expect([HEALTHY, FAULTY].map((pool) => metrics.value(`platter_pool_usable{pool="${pool}"}`))).toEqual([1, 0]);
}

/** Fails unless the sweeper empties the healthy pool while removals wait for the other one. */
export async function expectHealthyPoolSwept(scene: Scene, order: Partial<UploadOrder> = {}): Promise<void> {
  const { platter, root } = scene;
  const gid = await makeAssignedGroup(scene);
  const mid = await uploadMedia(scene, gid, HEALTHY, order);
  await root.ask('DELETE /u/group', { gid });
  await until('the bytes of a deleted group are deleted', async () => {
    return !(await platter.stored()).some(([name]) => name === mid);
  });
}
