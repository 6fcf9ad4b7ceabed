import { freshName } from '../../support/http/client.ts';
import { assign, makeGroup, makeUser, openScene, poolOf, type Scene } from '../velocity/scene.ts';
import { browserOf, expectProblem, NativeClient } from './native-client.ts';

interface Page<T> {
  readonly items: readonly T[];
}
interface Group {
  readonly id: number;
  readonly name: string;
}

const NOWHERE = 999_999_999;

let scene: Scene;
let root: NativeClient;
let group: number;
let member: NativeClient;
let stranger: NativeClient;
let uid: number;
beforeAll(async () => {
  scene = await openScene();
  root = NativeClient.by(scene.root);
  group = await makeGroup(scene);
  const user = await makeUser(scene, group, 'velocity.nic.list');
  ({ uid } = user);
  member = NativeClient.by(user.client);
  stranger = NativeClient.by((await makeUser(scene)).client);
});

describe('/v1/groups', () => {
  it('shows the tree by parent, with the groups that the caller sees', async () => {
    const child = await root.ask<Group>('POST /groups', { name: freshName('child'), parent: group });
    expect(await member.ask(`GET /groups/${child.id}`)).toEqual({
      ...child,
      parent: group,
      path: [0, group, child.id],
    });
    const ids = async (client: NativeClient, query = ''): Promise<readonly number[]> =>
      (await client.ask<Page<Group>>(`GET /groups${query}`)).items.map(({ id }) => id);
    expect(await ids(member)).toEqual([0, group, child.id]);
    expect(await ids(member, `?parent=${group}`)).toEqual([child.id]);
    expect(await ids(stranger)).toEqual([]);
    expect(await ids(root, '?parent=0')).not.toContain(0);
  });

  it('renames a group, unless it has changed since', async () => {
    const { id, name } = await root.ask<Group>('POST /groups', { name: freshName('group'), parent: group });
    const { etag } = (await root.call(`GET /groups/${id}`)).headers;
    const renamed = await root.call(`PATCH /groups/${id}`, { name: `${name}!` }, { 'if-match': etag });
    expect([renamed.status, renamed.body]).toEqual([200, expect.objectContaining({ id, name: `${name}!` })]);
    const late = await root.call(`PATCH /groups/${id}`, { name: 'x' }, { 'if-match': etag });
    expectProblem(late, 412, 'precondition-failed');
    const other = await root.ask<Group>('POST /groups', { name: freshName('group'), parent: group });
    expectProblem(await root.call(`PATCH /groups/${other.id}`, { name: `${name}!` }), 409, 'group-name-taken');
    expectProblem(await root.call('PATCH /groups/0', { name: 'x' }), 403, 'protected');
  });

  it('deletes a group, and only checks with dry_run', async () => {
    const { id } = await root.ask<Group>('POST /groups', { name: freshName('group'), parent: group });
    expect((await root.call(`DELETE /groups/${id}?dry_run=true`)).status).toBe(204);
    expect((await root.call(`GET /groups/${id}`)).status).toBe(200);
    expectProblem(await member.call(`DELETE /groups/${id}?dry_run=true`), 403, 'permission-missing');
    expect((await root.call(`DELETE /groups/${id}`)).status).toBe(204);
    expectProblem(await root.call(`GET /groups/${id}`), 404, 'group-not-found');
  });

  it.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['GET', '/members'],
    ['GET', '/grants'],
    ['POST', '/grants'],
    ['DELETE', '/grants/0/velocity.media.list'],
    ['DELETE', '/members/0'],
    ['GET', '/assignments'],
    ['PUT', '/assignments/1'],
    ['DELETE', '/assignments/1'],
  ])('tells a stranger nothing with %s %s', async (method, path) => {
    const bodies: Readonly<Record<string, object>> = {
      PATCH: { name: 'x' },
      POST: { user: 0, permission: 'velocity.media.list' },
      PUT: { write: true, manage: true },
    };
    const answers = [];
    for (const id of [group, NOWHERE]) {
      const answer = await stranger.call(`${method} /groups/${id}${path}`, bodies[method]);
      expectProblem(answer, 404, 'group-not-found');
      answers.push({ ...(answer.body as object), request_id: null });
    }
    expect(answers[0]).toEqual(answers[1]);
  });
});

describe('/v1/groups/{group}/members and grants', () => {
  it('grants, lists and revokes permissions', async () => {
    const permission = 'velocity.media.list';
    expect((await root.call(`POST /groups/${group}/grants`, { user: uid, permission })).status).toBe(204);
    const members = async (): Promise<unknown> =>
      (await root.ask<Page<Group>>(`GET /groups/${group}/members`)).items.find(({ id }) => id === uid);
    expect(await members()).toMatchObject({ permissions: [permission, 'velocity.nic.list'] });
    expect((await root.call(`DELETE /groups/${group}/grants/${uid}/${permission}`)).status).toBe(204);
    expect(await members()).toMatchObject({ permissions: ['velocity.nic.list'] });
    expectProblem(await member.call(`GET /groups/${group}/members`), 403, 'permission-missing');
  });
});

describe('GET /v1/groups/{group}/grants', () => {
  interface Grantee {
    readonly id: number;
    readonly grants: readonly { readonly permission: string; readonly group: number }[];
  }
  let upper: number;
  let lower: number;
  let above: { readonly uid: number; readonly client: NativeClient };
  let below: { readonly uid: number; readonly client: NativeClient };
  beforeAll(async () => {
    upper = await makeGroup(scene);
    lower = (await root.ask<Group>('POST /groups', { name: freshName('lower'), parent: upper })).id;
    [above, below] = [await viewerOf(upper), await viewerOf(lower)];
    await root.call(`POST /groups/${lower}/grants`, { user: above.uid, permission: 'velocity.media.list' });
  });

  async function viewerOf(gid: number): Promise<typeof above> {
    const { uid: viewer, client } = await makeUser(scene, gid, 'velocity.group.view');
    return { uid: viewer, client: NativeClient.by(client) };
  }

  async function grantsFor(client: NativeClient): Promise<readonly (readonly [number, readonly string[]])[]> {
    const { items } = await client.ask<Page<Grantee>>(`GET /groups/${lower}/grants`);
    return items.map(({ id, grants }) => [id, grants.map(({ permission, group: on }) => `${permission} ${on}`)]);
  }

  it('says on which group each permission is granted', async () => {
    expect(await grantsFor(above.client)).toEqual([
      [above.uid, [`velocity.group.view ${upper}`, `velocity.media.list ${lower}`]],
      [below.uid, [`velocity.group.view ${lower}`]],
    ]);
    const all = await grantsFor(root);
    expect(all).toContainEqual([0, expect.arrayContaining(['velocity.media.list 0'])]);
    expect(all).toContainEqual([below.uid, [`velocity.group.view ${lower}`]]);
  });

  it('leaves out what is granted above where the caller may not view groups', async () => {
    expect(await grantsFor(below.client)).toEqual([
      [above.uid, [`velocity.media.list ${lower}`]],
      [below.uid, [`velocity.group.view ${lower}`]],
    ]);
  });

  it('leaves out what is granted above the groups of a token', async () => {
    const order = { name: freshName('token'), scope: 'read', groups: [lower] };
    const { token } = await above.client.ask<{ token: string }>('POST /tokens', order);
    const limited = NativeClient.withBearer(scene.root.url, token);
    expect(await grantsFor(limited)).toEqual([
      [above.uid, [`velocity.media.list ${lower}`]],
      [below.uid, [`velocity.group.view ${lower}`]],
    ]);
  });
});

describe('/v1/groups/{group}/assignments', () => {
  it('assigns, lists and revokes pools, and only checks with dry_run', async () => {
    const id = await makeGroup(scene);
    const path = `/groups/${id}/assignments/1`;
    const terms = { quota: 1000, write: true, manage: false };
    const listed = async (): Promise<unknown> => (await root.ask<Page<unknown>>(`GET /groups/${id}/assignments`)).items;
    expect((await root.call(`PUT ${path}?dry_run=true`, terms)).status).toBe(204);
    expect(await listed()).toEqual([]);
    expect((await root.call(`PUT ${path}`, terms)).status).toBe(204);
    expect(await listed()).toEqual([expect.objectContaining({ pool: 1, ...terms, used_bytes: 0 })]);
    expect((await poolOf(scene, id)).quota).toBe(1000);
    expect((await root.call(`DELETE ${path}`)).status).toBe(204);
    expect(await listed()).toEqual([]);
    expectProblem(await root.call(`PUT /groups/${id}/assignments/99`, terms), 404, 'pool-not-found');
  });
});

describe('/v1/users', () => {
  it('creates, shows and deletes a user, whom strangers do not see', async () => {
    const name = freshName('user');
    const { id } = await root.ask<Group>('POST /users', { name, password: name });
    expect(await root.ask(`GET /users/${id}`)).toEqual({ id, name, home: null, groups: [] });
    for (const unseen of [id, NOWHERE]) {
      expectProblem(await stranger.call(`GET /users/${unseen}`), 404, 'user-not-found');
      expectProblem(await stranger.call(`DELETE /users/${unseen}`), 404, 'user-not-found');
    }
    expect((await root.call(`DELETE /users/${id}?dry_run=true`)).status).toBe(204);
    expect((await root.call(`DELETE /users/${id}`)).status).toBe(204);
    expectProblem(await root.call(`GET /users/${id}`), 404, 'user-not-found');
  });

  it('sets the home of the caller', async () => {
    const home = await makeGroup(scene);
    const { client } = await makeUser(scene, home, 'velocity.media.create');
    const me = NativeClient.by(client);
    expect((await me.call('PATCH /users/me', { home })).status).toBe(204);
    expect(await me.ask('GET /users/me')).toMatchObject({ home });
    for (const other of [group, NOWHERE]) {
      expectProblem(await me.call('PATCH /users/me', { home: other }), 403, 'home-group-forbidden');
    }
  });

  it('changes the own password, which ends sessions and authkeys but no token', async () => {
    const { url } = scene.platter;
    const { name, client } = await makeUser(scene);
    const me = NativeClient.withPassword(url, name, name);
    const browser = await browserOf(url, name, name);
    const { token } = await me.ask<{ token: string }>('POST /tokens', { name: 'x', scope: 'admin' });
    const byToken = NativeClient.withBearer(url, token);
    const order = { current: name, password: 'another one' };
    expectProblem(await byToken.call('PUT /users/me/password', order), 403, 'scope-missing');
    expectProblem(await me.call('PUT /users/me/password', { ...order, current: 'wrong' }), 401, 'wrong-credentials');
    expect((await me.call('PUT /users/me/password', order)).status).toBe(204);
    const statuses = [];
    for (const other of [
      browser,
      NativeClient.by(client),
      me,
      byToken,
      NativeClient.withPassword(url, name, 'another one'),
    ]) {
      statuses.push((await other.call('GET /session')).status);
    }
    expect(statuses).toEqual([401, 401, 401, 200, 200]);
  });
});

describe('GET /v1/audit', () => {
  it('shows the own events, those of a group to holders of the right, and all to root', async () => {
    const id = await makeGroup(scene);
    await assign(scene, id);
    const viewer = NativeClient.by((await makeUser(scene, id, 'velocity.group.view')).client);
    const actions = async (client: NativeClient, query: string): Promise<readonly string[]> =>
      (await client.ask<Page<{ action: string }>>(`GET /audit${query}`)).items.map(({ action }) => action);
    expect(await actions(viewer, '')).toEqual(['user.login', 'permission.give', 'user.create']);
    expect(await actions(viewer, `?group=${id}`)).toEqual(['permission.give', 'pool.assign', 'group.create']);
    expectProblem(await stranger.call(`GET /audit?group=${id}`), 404, 'group-not-found');
    expectProblem(await viewer.call('GET /audit?user=0'), 403, 'permission-missing');
    const created = await root.ask<Page<{ group: Group }>>('GET /audit?group=0&action=group.create');
    expect(created.items.map(({ group: one }) => one.id)).toContain(id);
    expectProblem(await viewer.call('GET /audit?group=0'), 403, 'permission-missing');
    const first = await root.ask<Page<{ id: string }> & { next_cursor: string }>(`GET /audit?group=${id}&limit=2`);
    const second = await root.ask<Page<{ action: string }>>(`GET /audit?group=${id}&cursor=${first.next_cursor}`);
    expect(second.items.map(({ action }) => action)).toEqual(['group.create']);
  });
});
