import { randomBytes } from 'node:crypto';
import { rowsOf } from '../../support/database/test-database.ts';
import { until } from '../../support/waiting/until.ts';
import { openCloud, createUser, type Cloud, type CloudScene, type Listed } from './cloud.ts';
import { ONE_POOL } from './provocations.ts';

/**
 * Eight concurrent copies, two of one tenant, too slow to end. In a folder: in S3 clones share
 * objects.
 */
const BOUNDS = { PLATTER_COPIES: '8', PLATTER_COPY_RATE: '10' };
const CLONES = 5;
const CONTENT = randomBytes(4_000_000);

describe('Copies', () => {
  let scene: CloudScene;
  let ann: Cloud;
  beforeAll(async () => {
    scene = await openCloud({ poolsFile: ONE_POOL, env: BOUNDS });
    ({ cloud: ann } = await createUser(scene));
  });

  /** Returns the clones whose job is running. */
  async function underway(): Promise<readonly string[]> {
    const rows = await rowsOf(
      scene.platter.database.url,
      `select id from media where state = 'cloning' and lease_holder is not null order by id`,
    );
    return rows.map(({ id }) => String(id));
  }

  it('run a few at once at the limited rate, while other requests are answered', async () => {
    const { text: source } = await ann.send('POST /drives/upload/', CONTENT);
    for (let made = 0; made < CLONES; made += 1) await ann.ask(`POST /drives/${source}/action/?do=clone`);
    await until('two are under way', async () => (await underway()).length === 2);
    const first = await underway();

    // Every clone wakes the workers, and so does the removal of one that waits.
    const { objects } = await ann.ask<Listed>('GET /drives/detail/?limit=0');
    const waiting = objects.filter(({ uuid, status }) => status === 'cloning_dst' && !first.includes(uuid));
    expect(waiting).toHaveLength(CLONES - 2);
    await ann.call(`DELETE /drives/${waiting[0]!.uuid}/`);
    expect((await ann.send(`GET /drives/${source}/download/`)).bytes.equals(CONTENT)).toBe(true);
    expect(await underway()).toEqual(first);
    const jobs = await ann.ask<Listed<{ state: string; data: { progress: number } }>>('GET /jobs/?limit=0');
    expect(jobs.objects.filter(({ state }) => state === 'success')).toEqual([]);

    // When one is removed, the next one starts.
    for (const uuid of first) await ann.call(`DELETE /drives/${uuid}/`);
    await until('the next two are under way', async () => {
      const now = await underway();
      return now.length === 2 && !now.some((uuid) => first.includes(uuid));
    });
    for (const uuid of await underway()) await ann.call(`DELETE /drives/${uuid}/`);
    await until('all are gone', async () => (await ann.ask<Listed>('GET /drives/')).objects.length === 1);
  });
});
