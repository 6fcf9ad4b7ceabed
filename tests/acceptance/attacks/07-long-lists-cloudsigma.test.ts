import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { CUT_OFF } from '../../support/http/cut-off.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { openCloud, createUser, type Cloud, type CloudScene, type Listed } from '../cloudsigma/cloud.ts';
import { beginReading, textOf, untilIdle } from './unread-response.ts';

/** Together more than the buffers of a connection hold. */
const SERVERS = 600;
const BYTES = 65_000;
const TAGS = 600;
const JOBS = 1100;

describe('Very long CloudSigma lists', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let url: string;
  beforeAll(async () => {
    scene = await openCloud({ failures: 1 });
    url = scene.platter.database.url;
    ann = (await createUser(scene)).cloud;
    const ofAnn = `cross join users where name = '${ann.name}'`;
    await rowsOf(
      url,
      `insert into servers (id, owner, name, cpu, memory, screen_password, meta, kept, created_at)
       select gen_random_uuid(), users.uuid, 'server ' || at, 1, 1, '', '{}', jsonb_build_object('nics', repeat('x', ${BYTES})),
         now() + make_interval(secs => at / 7)
       from generate_series(1, ${SERVERS}) as at ${ofAnn}`,
    );
    await rowsOf(
      url,
      `insert into tags (id, owner, name, meta, created_at)
       select gen_random_uuid(), users.uuid, 'tag ' || at, jsonb_build_object('text', repeat('x', 10000)), now() + make_interval(secs => at / 7)
       from generate_series(1, ${TAGS}) as at ${ofAnn}`,
    );
    await rowsOf(
      url,
      `insert into jobs (id, operation, state, owner, tenant, source_media, target_media, copied, total, created_at)
       select gen_random_uuid(), 'clone', 'success', users.uuid, 0, gen_random_uuid(), gen_random_uuid(), 0, 0, now() + make_interval(secs => at / 7)
       from generate_series(1, ${JOBS}) as at ${ofAnn}`,
    );
  }, 60_000);

  async function begin(path: string): Promise<IncomingMessage> {
    return beginReading(scene.platter.url, `GET /api/2.0${path}`, ann.authorization);
  }

  it.each([
    ['servers', 'limit=0', 0, SERVERS, SERVERS],
    ['servers', 'limit=510&offset=70', 70, 580, SERVERS],
    ['servers', 'limit=600&offset=590', 590, SERVERS, SERVERS],
    ['tags', 'limit=0', 0, TAGS, TAGS],
    ['tags', 'limit=510&offset=70', 70, 580, TAGS],
    ['jobs', 'limit=0', 0, JOBS, JOBS],
    ['jobs', 'limit=1005&offset=70', 70, 1075, JOBS],
  ])('are complete, with each object once and in order: %s with %s', async (of, query, from, to, total) => {
    const expected = await rowsOf(url, `select id from ${of} order by created_at, id`);
    const { meta, objects } = await ann.ask<Listed>(`GET /${of}/?fields=uuid&${query}`);
    expect(meta.total_count).toBe(total);
    expect(objects.map(({ uuid }) => uuid)).toEqual(expected.slice(from, to).map(({ id }) => id));
  });

  it('are short if filters match few objects', async () => {
    const { meta, objects } = await ann.ask<Listed>('GET /servers/?limit=0&name=server%2017');
    expect([meta.total_count, objects.length]).toEqual([1, 1]);
  });

  it('hold no database connection while they are not read, two at a time for each user', async () => {
    const [first, second] = [await begin('/servers/detail/?limit=0'), await begin('/servers/detail/?limit=0')];
    expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
    const third = begin('/servers/?limit=0&fields=uuid');
    await untilIdle(url);
    // Small lists do not count.
    expect((await ann.call('GET /servers/?limit=5')).status).toBe(200);
    first.destroy();
    const { objects } = JSON.parse(await textOf(await third)) as Listed;
    expect(objects).toHaveLength(SERVERS);
    second.destroy();
  });

  it('end with their connection if a batch fails', async () => {
    const answer = await begin('/servers/detail/?limit=0');
    expect(answer.statusCode).toBe(200);
    await untilIdle(url);
    await rowsOf(url, 'alter table servers rename to servers_elsewhere');
    await expect(textOf(answer)).rejects.toMatchObject(CUT_OFF);
    await rowsOf(url, 'alter table servers_elsewhere rename to servers');
    expect((await ann.call(`GET /servers/${randomUUID()}/`)).status).toBe(404);
  });
});
