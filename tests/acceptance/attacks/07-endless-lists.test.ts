import { randomUUID } from 'node:crypto';
import { request, type IncomingMessage } from 'node:http';
import { rowsOf } from '../../support/postgres.ts';
import { until } from '../../support/until.ts';
import { expectFault, openCloud, somebody, type Cloud, type CloudScene, type Listed } from '../cloudsigma/cloud.ts';

const SERVERS = 3000;
const BYTES = 65_000;
/** Of the connections of the program, those that are busy or in a transaction. */
const BUSY = `select from pg_stat_activity where datname = current_database() and application_name = 'platter' and state <> 'idle'`;

describe('Lists that are longer than anybody reads', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let url: string;
  beforeAll(async () => {
    scene = await openCloud({ failures: 1 });
    url = scene.platter.database.url;
    ann = (await somebody(scene)).cloud;
    await rowsOf(
      url,
      `insert into servers (id, owner, name, cpu, memory, screen_password, meta, kept, created_at)
       select gen_random_uuid(), users.uuid, 'server ' || at, 1, 1, '', '{}', jsonb_build_object('nics', repeat('x', ${BYTES})),
         now() + make_interval(secs => at / 7)
       from generate_series(1, ${SERVERS}) as at cross join users where name = '${ann.name}'`,
    );
  }, 120_000);

  /** Asks for a list and reads nothing of the body before the test does. */
  async function begin(path: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      request(`${scene.platter.url}/api/2.0${path}`, { agent: false, headers: { authorization: ann.authorization } })
        .once('response', resolve)
        .once('error', reject)
        .end();
    });
  }

  async function textOf(response: IncomingMessage): Promise<string> {
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
    return text;
  }

  it('come whole, each object once and in order, whatever the limit and the offset', async () => {
    const expected = await rowsOf(url, 'select id from servers order by created_at, id');
    const ids = expected.map(({ id }) => id);
    for (const [query, from, to] of [
      ['limit=0', 0, SERVERS],
      ['limit=1201&offset=700', 700, 1901],
      ['limit=600&offset=2900', 2900, SERVERS],
      ['limit=0&name=server 17', ids.length, ids.length],
    ] as const) {
      const { meta, objects } = await ann.ask<Listed>(`GET /servers/?fields=uuid&${query.replace(' ', '%20')}`);
      if (query.includes('name')) {
        expect([meta.total_count, objects.length]).toEqual([1, 1]);
        continue;
      }
      expect(meta.total_count).toBe(SERVERS);
      expect(objects.map(({ uuid }) => uuid)).toEqual(ids.slice(from, to));
    }
  }, 60_000);

  it('hold no connection to the database and little memory while nobody reads them, two of them for each user', async () => {
    const asked = Array.from({ length: 8 }, async () => begin('/servers/detail/?limit=0'));
    const answers = await Promise.all(asked);
    const refused = answers.filter(({ statusCode }) => statusCode === 503);
    const read = answers.filter(({ statusCode }) => statusCode === 200);
    expect([read.length, refused.length]).toEqual([2, 6]);
    for (const answer of refused) {
      const fault = { status: 503, text: await textOf(answer), headers: answer.headers, body: null as unknown };
      fault.body = JSON.parse(fault.text);
      expectFault(fault as never, 503, 'backend');
      expect(fault.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    }
    await until('nothing is asked any more', async () => (await rowsOf(url, BUSY)).length === 0);
    // Small lists are no long ones.
    expect((await ann.call('GET /servers/?limit=5')).status).toBe(200);
    read.forEach((answer) => answer.destroy());
    const again = await begin('/servers/?limit=0&fields=uuid,name');
    expect(again.statusCode).toBe(200);
    const { objects } = JSON.parse(await textOf(again)) as Listed;
    expect(objects).toHaveLength(SERVERS);
  }, 90_000);

  it('end with their connection where one batch fails', async () => {
    const answer = await begin('/servers/detail/?limit=0');
    expect(answer.statusCode).toBe(200);
    await rowsOf(url, 'alter table servers rename to servers_elsewhere');
    await expect(textOf(answer)).rejects.toThrow('aborted');
    await rowsOf(url, 'alter table servers_elsewhere rename to servers');
    expect((await ann.call(`GET /servers/${randomUUID()}/`)).status).toBe(404);
  }, 60_000);
});
