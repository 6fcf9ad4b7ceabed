import type { IncomingMessage } from 'node:http';
import { CUT_OFF } from '../../support/http/cut-off.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import type { Client } from '../../support/http/client.ts';
import { freshName, logIn } from '../../support/http/client.ts';
import { openScene, type Scene } from '../velocity/scene.ts';
import { beginReading, textOf, untilIdle } from './unread-response.ts';

/** More than the buffers of a connection hold. */
const ITEMS = 15_000;
const LABEL_LENGTH = 900;
const USERS = 1200;
/** Group ids begin above those of the existing groups. */
const GROUPS = 1200;

interface Membership {
  readonly gid: number;
  readonly uid: number;
  readonly permissions: readonly object[];
}

describe('Very long Velocity lists', () => {
  let scene: Scene;
  let url: string;
  let gid: number;
  beforeAll(async () => {
    scene = await openScene({ failures: 1 });
    url = scene.platter.database.url;
    ({ gid } = await scene.root.ask<{ gid: number }>('PUT /u/group', { name: freshName('group'), parent_gid: 0 }));
    await scene.root.ask('PUT /m/pool/assign', { gid, mpid: 1, quota: 0, write: true, manage: true });
    expect((await scene.root.upload({ group: gid, name: 'first' }, '')).status).toBe(200);
    // All items share the blob of the first. Several have the same creation time.
    await rowsOf(
      url,
      `insert into media (id, pool_id, group_id, blob_id, place, name, folded_name, type, size, readonly, state, created_by,
         created_at, format, virtual_size, label)
       select gen_random_uuid(), pool_id, group_id, blob_id, place, name || at, folded_name || at, type, size, readonly, state, created_by,
         created_at + make_interval(secs => at / 7), format, virtual_size, repeat('x', ${LABEL_LENGTH})
       from media cross join generate_series(1, ${ITEMS - 1}) as at where name = 'first'`,
    );
    await rowsOf(url, `update usage set items = ${ITEMS} where group_id in (0, ${gid})`);
    await rowsOf(
      url,
      `insert into users (name, password_hash) select 'user ' || at, '' from generate_series(1, ${USERS}) as at`,
    );
    await rowsOf(
      url,
      `insert into grants (user_id, group_id, permission, given_at, decides_home)
       select id, ${gid}, permission, now(), false from users cross join unnest(array['velocity.media.list', 'velocity.user.view']) as permission
       where name like 'user %'`,
    );
    await rowsOf(
      url,
      `insert into groups (id, parent_id, name, path)
       select 1000 + at, ${gid}, 'group ' || at, array[0, ${gid}, 1000 + at]::bigint[] from generate_series(1, ${GROUPS}) as at`,
    );
    await rowsOf(
      url,
      `insert into grants (user_id, group_id, permission, given_at, decides_home)
       select 0, id, permission, now(), false from groups cross join unnest(array['velocity.media.list', 'velocity.user.view']) as permission
       where id > 1000`,
    );
  }, 60_000);

  async function begin(): Promise<IncomingMessage> {
    return beginReading(scene.platter.url, 'POST /m/media/list', `Bearer ${scene.root.authkey}`, { gid });
  }

  it('are complete, with each item once and in order', async () => {
    const expected = await rowsOf(url, `select id from media where group_id = ${gid} order by created_at, id`);
    const { media } = await scene.root.ask<{ media: readonly { mid: string }[] }>('POST /m/media/list', { gid });
    expect(media).toHaveLength(ITEMS);
    expect(media.map(({ mid }) => mid)).toEqual(expected.map(({ id }) => id));

    const ids = await rowsOf(url, 'select id from users order by id');
    const { users } = await scene.root.ask<{ users: readonly { uid: number }[] }>('POST /u/user/list');
    expect(users.length).toBeGreaterThan(USERS);
    expect(users.map(({ uid }) => uid)).toEqual(ids.map(({ id }) => Number(id)));

    const all = await rowsOf(url, 'select id from groups order by id');
    const { groups } = await scene.root.ask<{ groups: readonly Membership[] }>('POST /u/group/list');
    expect(groups.length).toBeGreaterThan(GROUPS);
    expect(groups.map(({ gid }) => gid)).toEqual(all.map(({ id }) => Number(id)));
    for (const { gid, permissions } of groups) if (gid > 1000) expect(permissions).toHaveLength(2);

    const grantedGroups = await rowsOf(url, 'select distinct group_id from grants where user_id = 0 order by group_id');
    const own = await scene.root.ask<{ memberships: readonly Membership[] }>('POST /u/user');
    const ofRoot = own.memberships.map(({ gid }) => gid);
    // The list includes the ancestor of all these groups.
    expect(ofRoot.filter((id) => id !== gid)).toEqual(grantedGroups.map(({ group_id }) => Number(group_id)));
    expect(ofRoot).toContain(gid);
    for (const { gid, permissions } of own.memberships) if (gid > 1000) expect(permissions).toHaveLength(2);

    const members = await rowsOf(url, `select id from users where name like 'user %' order by id`);
    const { memberships, ...group } = await scene.root.ask<{ memberships: readonly Membership[] }>('POST /u/group', {
      gid,
    });
    expect(group).toMatchObject({ gid, parent_gid: 0 });
    expect(memberships.map(({ uid }) => uid)).toEqual(members.map(({ id }) => Number(id)));
    for (const { permissions } of memberships) expect(permissions).toHaveLength(2);
  }, 60_000);

  it('hold no database connection while they are not read, two at a time for each user', async () => {
    const [first, second] = [await begin(), await begin()];
    expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
    const third = begin();
    const elsewhere = await scene.root.call('POST /m/media/list', { gid: 0 });
    expect(elsewhere.status).toBe(200);
    const name = freshName('other');
    const { uid } = await scene.root.ask<{ uid: number }>('PUT /u/user', { name, password: name });
    await scene.root.ask('PUT /u/user/permission', { uid, gid, permission: 'velocity.media.list' });
    const other: Client = await logIn(scene.platter.url, name, name);
    const { media } = await other.ask<{ media: readonly object[] }>('POST /m/media/list', { gid });
    expect(media).toHaveLength(ITEMS);
    await untilIdle(url);
    // The third list begins when another ends.
    first.destroy();
    expect(JSON.parse(await textOf(await third))).toMatchObject({ media: { length: ITEMS } });
    second.destroy();
  }, 60_000);

  it('end with their connection if a batch fails', async () => {
    const answer = await begin();
    expect(answer.statusCode).toBe(200);
    await untilIdle(url);
    await rowsOf(url, 'alter table library_drives rename to library_drives_elsewhere');
    await expect(textOf(answer)).rejects.toMatchObject(CUT_OFF);
    await rowsOf(url, 'alter table library_drives_elsewhere rename to library_drives');
    expect((await scene.root.call('POST /m/media/list', { gid: 0 })).status).toBe(200);
  }, 60_000);
});
