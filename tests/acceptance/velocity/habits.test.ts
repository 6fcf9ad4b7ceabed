import { freshName, send, type Answer } from '../../support/http/client.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { expectError } from './provocation.ts';
import { makeAssignedGroup, makeUser, midOf, openScene, poolOf, type Scene } from './scene.ts';

describe('Clients in the field', () => {
  let scene: Scene;
  beforeAll(async () => (scene = await openScene()));

  async function post(path: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const authorization = `Bearer ${scene.root.authkey}`;
    return send(scene.platter.url, { method: 'POST', path, headers: { authorization, ...headers }, body });
  }

  it.each(['//m/pool/list', '/m//pool///list', '/m/pool/list/', '//m/pool/list//', '/m/pool/list?page=1'])(
    'may ask for %s',
    async (path) => {
      expect((await post(path, '{"gid":0}')).body).toMatchObject({ pools: [{ mpid: 1 }] });
    },
  );

  it('can send too many slashes in every call, also in uploads', async () => {
    expect((await post('/u/user/', '')).body).toMatchObject({ uid: 0, name: 'root' });
    const { authkey } = scene.root;
    const headers = { 'x-velocity-authkey': authkey, 'x-velocity-mpid': 1, 'x-velocity-gid': 0 };
    const answer = await send(scene.platter.url, {
      method: 'PUT',
      path: '//m/media/upload/',
      headers: {
        ...headers,
        'x-velocity-name': freshName('media'),
        'x-velocity-type': 'ISO',
        'x-velocity-readonly': 'true',
      },
      body: 'bytes',
    });
    expect(answer.body).toEqual({ mid: midOf(answer), size: 5 });
  });

  it('have to send the exact case of a path', async () => {
    expectError(await post('/M/pool/list', '{"gid":0}'), 111, 404);
  });

  it('can send username for name', async () => {
    const { name } = await makeUser(scene);
    const answer = await post('/u/auth', JSON.stringify({ username: name, password: name }));
    expect(answer.body).toEqual({ authkey: expect.any(String) as unknown, expires: expect.any(Number) as unknown });
    const both = { username: 'nobody', name, password: name };
    expect((await post('/u/auth', JSON.stringify(both))).status).toBe(200);
  });

  it('can send unknown fields', async () => {
    const fields = { gid: 0, authkey: scene.root.authkey, page: 1, more: { and: ['more'] }, constructor: 1 };
    expect((await post('/m/pool/list', JSON.stringify(fields))).status).toBe(200);
    expect((await post('/u/auth', JSON.stringify({ name: 'root', password: ROOT_PASSWORD, more: 1 }))).status).toBe(
      200,
    );
  });

  it.each(['', '{}', '[]', 'null', '"text"', '{"gid":"none"}'])('can send %j when no body is needed', async (body) => {
    expect((await post('/u/user/list', body)).status).toBe(200);
    expect((await post('/u/group/list', body)).status).toBe(200);
  });

  it.each(['application/json', 'text/plain', 'application/octet-stream', 'application/x-www-form-urlencoded', ''])(
    'may send JSON as "%s"',
    async (type) => {
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
      expect((await post('/m/pool/list', '{"gid":0}', headers)).status).toBe(200);
    },
  );

  it('can send JSON in chunks', async () => {
    const answer = await post('/m/pool/list', '{"gid":0}', { 'transfer-encoding': 'chunked' });
    expect(answer.status).toBe(200);
  });

  it('can send null as their own uid, or no uid, or no body', async () => {
    const { uid, client } = await makeUser(scene);
    for (const fields of [{ uid: null }, {}, undefined, { uid }, { uid: String(uid) }]) {
      expect((await client.call('POST /u/user', fields)).body).toMatchObject({ uid });
    }
  });

  it('can revoke all permissions with null as the permission, or without one', async () => {
    for (const more of [{ permission: null }, {}]) {
      const { uid, client } = await makeUser(scene, 0, 'velocity.user.list', 'velocity.group.view');
      await scene.root.ask('DELETE /u/user/permission', { uid, gid: 0, ...more });
      expectError(await client.call('POST /u/user/list'), 3100, 403);
      expectError(await client.call('POST /u/group', { gid: 0 }), 5100, 403);
    }
  });

  it('can send numbers as decimal strings, and receive numbers', async () => {
    const gid = await makeAssignedGroup(scene);
    const assignment = { gid: String(gid), mpid: '1', quota: '1000', write: true, manage: true };
    await scene.root.ask('PUT /m/pool/assign', assignment);
    const order = { gid: String(gid), mpid: '1', name: freshName('media'), type: 'DISK', size: '600' };
    const made = await scene.root.call('PUT /m/media/create', order);
    expect(made.body).toEqual({ mid: midOf(made), size: 600 });
    expect(await poolOf(scene, gid)).toMatchObject({ mpid: 1, quota: 1000, used: 600, available: 400 });
    const child = await scene.root.call('PUT /u/group', { name: freshName('group'), parent_gid: String(gid) });
    expect(child.body).toMatchObject({ parent_gid: gid });
  });

  it.each(['0x10', '1e3', ' 1', '1 ', '+1', '-1', '', '1.0', '١', '9007199254740992'])(
    'may not send %j for a number',
    async (gid) => expectError(await post('/m/pool/list', JSON.stringify({ gid })), 110, 400),
  );

  it('can send the id of an item in upper case', async () => {
    const made = await scene.root.upload({ group: 0, name: freshName('media') }, 'a');
    expect((await scene.root.call('DELETE /m/media', { mid: midOf(made).toUpperCase() })).status).toBe(200);
  });

  it('can omit the type of a new item', async () => {
    const gid = await makeAssignedGroup(scene);
    const order = { gid, mpid: 1, size: 0 };
    await scene.root.ask('PUT /m/media/create', { ...order, name: freshName('media') });
    await scene.root.ask('PUT /m/media/create', { ...order, name: freshName('media'), type: 'anything at all' });
    const { media } = await scene.root.ask<{ media: { type: string }[] }>('POST /m/media/list', { gid });
    expect(media.map(({ type }) => type)).toEqual(['DISK', 'anything at all']);
  });
});
