import { rowsOf } from '../../support/database/test-database.ts';
import { Client, freshName } from '../../support/http/client.ts';
import { TusRequests } from '../tus/tus-requests.ts';
import { assign, makeGroup, midOf, makeUser, openScene, type Scene } from '../velocity/scene.ts';
import { expectProblem, NativeClient } from './native-client.ts';

interface Created {
  readonly id: string;
  readonly token: string;
}

let scene: Scene;
let group: number;
let name: string;
let owner: NativeClient;
beforeAll(async () => {
  scene = await openScene({ env: { PLATTER_TOKENS_PER_USER: '20' } });
  group = await makeGroup(scene);
  await assign(scene, group);
  ({ name } = await makeUser(scene, group, 'velocity.media.create', 'velocity.user.list'));
  owner = NativeClient.withPassword(scene.platter.url, name, name);
});

async function create(
  fields: object = {},
): Promise<{ readonly id: string; readonly client: NativeClient; readonly token: string }> {
  const { id, token } = await owner.ask<Created>('POST /tokens', { name: 'a script', scope: 'read', ...fields });
  return { id, token, client: NativeClient.withBearer(scene.platter.url, token) };
}

/** Returns the status of the creation of an upload, which is ended. */
async function statusOfUpload(token: string, target: number): Promise<number> {
  const uploads = new TusRequests(() => scene.platter.url, `Bearer ${token}`);
  const { status, headers } = await uploads.create(5, { filename: freshName('x'), group: String(target), pool: '1' });
  if (headers.location !== undefined) await uploads.remove(headers.location);
  return status;
}

describe('/v1/tokens', () => {
  it('shows a token once, and lists it with its last use', async () => {
    const { id, token, client } = await create({ scope: 'admin', groups: [group] });
    expect(token).toMatch(/^plt_[A-Za-z0-9_-]{43}$/);
    const listed = async (): Promise<unknown> =>
      (await owner.ask<{ items: { id: string }[] }>('GET /tokens')).items.find((item) => item.id === id);
    const fields = { id, name: 'a script', scope: 'admin', groups: [group], expires_at: null };
    expect(await listed()).toEqual({ ...fields, created_at: expect.any(String) as string, last_used_at: null });
    expect((await client.call('GET /session')).status).toBe(200);
    const before = await listed();
    expect(before).toEqual({
      ...fields,
      created_at: expect.any(String) as string,
      last_used_at: expect.any(String) as string,
    });
    await client.call('GET /session');
    expect(await listed()).toEqual(before);
    const stored = await rowsOf(scene.platter.database.url, 'select * from api_tokens');
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  it('refuses a deleted token and an expired one', async () => {
    const { id, client } = await create();
    expect((await owner.call(`DELETE /tokens/${id}`)).status).toBe(204);
    expectProblem(await client.call('GET /session'), 401, 'not-authenticated');
    expectProblem(await owner.call(`DELETE /tokens/${id}`), 404, 'token-not-found');
    const { client: expired } = await create({ expires_at: '2020-01-01T00:00:00Z' });
    expectProblem(await expired.call('GET /session'), 401, 'not-authenticated');
  });

  it('lets each user manage its own only', async () => {
    const { id } = await create();
    expectProblem(await NativeClient.by(scene.root).call(`DELETE /tokens/${id}`), 404, 'token-not-found');
    const { items } = await NativeClient.by(scene.root).ask<{ items: unknown[] }>('GET /tokens');
    expect(items).toEqual([]);
  });

  it('lets no token manage tokens', async () => {
    const { id, client } = await create({ scope: 'admin' });
    expectProblem(await client.call('POST /tokens', { name: 'x', scope: 'read' }), 403, 'scope-missing');
    expectProblem(await client.call(`DELETE /tokens/${id}`), 403, 'scope-missing');
  });

  it('limits the tokens of a user', async () => {
    const { name: other } = await makeUser(scene);
    const client = NativeClient.withPassword(scene.platter.url, other, other);
    const order = { name: 'x', scope: 'read' };
    for (let count = 0; count < 20; count += 1) await client.ask('POST /tokens', order);
    expectProblem(await client.call('POST /tokens', order), 403, 'too-many-possessions');
  });

  it.each([
    ['another scope', { scope: 'all' }, 'scope'],
    ['no group', { groups: [] }, 'groups'],
    ['a date that is none', { expires_at: 'tomorrow' }, 'expires_at'],
  ])('refuses %s', async (_what, fields, field) => {
    const answer = await owner.call('POST /tokens', { name: 'x', scope: 'read', ...fields });
    expectProblem(answer, 400, 'malformed');
    expect(answer.body).toMatchObject({ field });
  });
});

describe('An API token', () => {
  it('uploads with tus if its scope is write', async () => {
    const reader = await create();
    expect(await statusOfUpload(reader.token, group)).toBe(403);
    expect(await statusOfUpload((await create({ scope: 'write' })).token, group)).toBe(201);
  });

  it('is no credential of the other dialects', async () => {
    const { token } = await create({ scope: 'admin' });
    expect((await new Client(scene.platter.url, token).call('POST /u/group/list')).status).toBe(401);
  });

  it('reaches only its groups, and what lies below', async () => {
    const below = await makeGroup(scene, group);
    const other = await makeGroup(scene);
    const root = NativeClient.by(scene.root);
    const { token } = await root.ask<Created>('POST /tokens', { name: 'x', scope: 'write', groups: [group] });
    const statusOf = async (target: number): Promise<number> => statusOfUpload(token, target);
    await assign(scene, below);
    await assign(scene, other);
    expect([await statusOf(group), await statusOf(below)]).toEqual([201, 201]);
    expect([await statusOf(other), await statusOf(0)]).toEqual([403, 403]);
    const limited = NativeClient.withBearer(scene.platter.url, token);
    expectProblem(await limited.call('GET /users'), 403, 'permission-missing');
    for (const target of [below, other, 0]) {
      for (const name of ['a kept one', 'a trashed one']) {
        const mid = midOf(await scene.root.upload({ group: target, name: freshName(name) }, 'bytes'));
        if (name === 'a trashed one') await root.ask(`DELETE /media/${mid}`);
      }
    }
    const groupsIn = async (path: string): Promise<readonly number[]> =>
      (await limited.ask<{ items: { group: number }[] }>(`GET ${path}`)).items.map((item) => item.group);
    expect([await groupsIn('/media'), await groupsIn('/trash')]).toEqual([[below], [below]]);
    const listed = (await limited.ask<{ items: { id: number }[] }>('GET /groups')).items.map(({ id }) => id);
    expect(listed).toEqual([group, below]);
  });
});
