import { rowsOf } from '../support/database/test-database.ts';
import { openCloud, createUser, type Cloud, type CloudScene, type Listed } from '../acceptance/cloudsigma/cloud.ts';
import { logIn, type Client } from '../support/http/client.ts';
import { beginReading, textOf, untilIdle } from '../acceptance/attacks/unread-response.ts';

/** Less than a third list waits. */
const IDLE_SECONDS = 3;
const TAGS = 600;
/**
 * Together 42 MB. Linux may buffer up to 36 MB for one connection (`tcp_rmem` and `tcp_wmem`); a
 * list that fits is sent completely although its client does not read it.
 */
const META_BYTES = 70_000;
/** The same for `POST /u/group/list`. */
const GROUPS = 20_000;
const NAME = `repeat('n', 2100) || at`;

describe('Lists that their client does not read', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let client: Client;
  beforeAll(async () => {
    scene = await openCloud({ env: { PLATTER_UPLOAD_IDLE: String(IDLE_SECONDS) } });
    const { url } = scene.platter.database;
    const person = await createUser(scene);
    ann = person.cloud;
    client = await logIn(scene.platter.url, ann.name, ann.password);
    await rowsOf(
      url,
      `insert into tags (id, owner, name, meta, created_at)
       select gen_random_uuid(), users.uuid, 'tag ' || at, jsonb_build_object('text', repeat('x', ${META_BYTES})), now()
       from generate_series(1, ${TAGS}) as at cross join users where name = '${ann.name}'`,
    );
    await rowsOf(
      url,
      `insert into groups (id, parent_id, name, path)
       select 100000 + at, 0, ${NAME}, array[0, 100000 + at]::bigint[] from generate_series(1, ${GROUPS}) as at`,
    );
    await rowsOf(
      url,
      `insert into grants (user_id, group_id, permission, given_at, decides_home)
       select users.id, groups.id, 'velocity.media.list', now(), false
       from groups cross join users where groups.id > 100000 and users.name = '${ann.name}'`,
    );
  }, 60_000);

  it.each([
    ['CloudSigma', 'GET /api/2.0/tags/detail/?limit=0', undefined],
    ['Velocity', 'POST /u/group/list', {}],
    ['Velocity, of one user', 'POST /u/user', {}],
  ])('end after PLATTER_UPLOAD_IDLE and let the next one begin: %s', async (_dialect, operation, fields) => {
    const authorization = operation.startsWith('GET') ? ann.authorization : `Bearer ${client.authkey}`;
    const begin = async (): ReturnType<typeof beginReading> =>
      beginReading(scene.platter.url, operation, authorization, fields);
    const unread = [await begin(), await begin()];
    expect(unread.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    await untilIdle(scene.platter.database.url);
    // It waits for at most 10 seconds: it would fail if the others still ran.
    const { objects } = await ann.ask<Listed>('GET /tags/?limit=0&fields=uuid');
    expect(objects).toHaveLength(TAGS);
    for (const answer of unread) await expect(textOf(answer)).rejects.toThrow('aborted');
  });
});
