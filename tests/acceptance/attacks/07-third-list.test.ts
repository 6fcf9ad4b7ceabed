import type { IncomingMessage } from 'node:http';
import { LongLists } from '../../../src/application/lists/long-lists.ts';
import { freshName, logIn, type Client } from '../../support/http/client.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { openInProcessServer, type InProcessServer } from '../../support/http/in-process-server.ts';
import { until } from '../../support/waiting/until.ts';
import { Cloud, type Listed } from '../cloudsigma/cloud.ts';
import { beginReading, textOf } from './unread-response.ts';

/** More than one batch. */
const USERS = 600;
const TAGS = 600;
/** Together more than the buffers of a connection hold. */
const META_BYTES = 10_000;
/** The program waits for 10 seconds. */
const SHORT_WAIT_MS = 50;

/** Counts the lists that wait. */
class CountedLists extends LongLists {
  waiting = 0;

  override async begin(user: Parameters<LongLists['begin']>[0]): Promise<() => void> {
    this.waiting += 1;
    return super.begin(user);
  }
}

describe('The third long list of a user', () => {
  let server: InProcessServer;
  let lists: CountedLists;
  let openLists: readonly IncomingMessage[] = [];

  async function open(longestWaitMs?: number): Promise<void> {
    lists = new CountedLists(longestWaitMs);
    server = await openInProcessServer(lists);
    const { knex } = server.depot;
    await knex.raw(
      `insert into users (name, password_hash) select 'user ' || at, '' from generate_series(1, ${USERS}) as at`,
    );
    await knex.raw(
      `insert into tags (id, owner, name, meta, created_at)
       select gen_random_uuid(), users.uuid, 'tag ' || at, jsonb_build_object('text', repeat('x', ${META_BYTES})), now()
       from generate_series(1, ${TAGS}) as at cross join users where name = 'root'`,
    );
    const path = 'GET /api/2.0/tags/detail/?limit=0';
    const { authorization } = new Cloud(server.url, 'root', ROOT_PASSWORD);
    openLists = [
      await beginReading(server.url, path, authorization),
      await beginReading(server.url, path, authorization),
    ];
    expect(openLists.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  }
  afterEach(async () => {
    for (const answer of openLists) answer.destroy();
    await server.close();
  });

  it('is answered with 503 and Retry-After in both APIs after a wait', async () => {
    await open(SHORT_WAIT_MS);
    const users = await server.root.call('POST /u/user/list');
    expect([users.status, users.body]).toEqual([503, { code: 301, message: expect.any(String) as string }]);
    expect(users.headers['retry-after']).toMatch(/^[1-9][0-9]*$/);

    const cloud = new Cloud(server.url, 'root', ROOT_PASSWORD);
    const tags = await cloud.send('GET /tags/?limit=0');
    expect(tags.status).toBe(503);
    expect(JSON.parse(tags.text)).toEqual([
      { error_type: 'backend', error_message: expect.any(String) as string, error_point: null },
    ]);
    expect(tags.headers['retry-after']).toMatch(/^[1-9][0-9]*$/);
    // Both waited first.
    expect(lists.waiting).toBe(2);
  });

  it('waits until one of the two ends, while other users are served', async () => {
    await open();
    const third = server.root.ask<{ users: readonly object[] }>('POST /u/user/list');
    await until('the third list waits', () => lists.waiting === 1);
    const name = freshName('other');
    const { uid } = await server.root.ask<{ uid: number }>('PUT /u/user', { name, password: name });
    await server.root.ask('PUT /u/user/permission', { uid, gid: 0, permission: 'velocity.user.list' });
    const other: Client = await logIn(server.url, name, name);
    expect((await other.ask<{ users: readonly object[] }>('POST /u/user/list')).users.length).toBeGreaterThan(USERS);

    const [first, second] = openLists as [IncomingMessage, IncomingMessage];
    first.destroy();
    expect((await third).users.length).toBeGreaterThan(USERS);
    const { objects } = JSON.parse(await textOf(second)) as Listed;
    expect(objects).toHaveLength(TAGS);
  });
});
