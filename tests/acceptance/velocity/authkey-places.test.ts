import { Client, freshName, send, uploadHeaders, type Answer } from '../../support/http/client.ts';
import { expectError } from './provocation.ts';
import { makeAssignedGroup, makeUser, openScene, type Scene } from './scene.ts';

type Headers = Readonly<Record<string, string>>;

describe('An authkey', () => {
  let scene: Scene;
  let user: Client;
  let uid: number;
  beforeAll(async () => {
    scene = await openScene();
    ({ client: user, uid } = await makeUser(scene));
  });

  async function whoAmI(headers: Headers, fields?: object): Promise<Answer> {
    const body = fields === undefined ? '' : JSON.stringify(fields);
    return send(scene.platter.url, { method: 'POST', path: '/u/user', headers, body });
  }

  async function upload(headers: Headers): Promise<Answer> {
    const order = uploadHeaders({ group: await makeAssignedGroup(scene), name: freshName('media') });
    return send(scene.platter.url, {
      method: 'PUT',
      path: '/m/media/upload',
      headers: { ...order, ...headers },
      body: 'bytes',
    });
  }

  it('is accepted as a bearer token, with the scheme in any case', async () => {
    expect((await whoAmI({ authorization: `Bearer ${user.authkey}` })).body).toMatchObject({ uid });
    expect((await whoAmI({ authorization: `bearer ${user.authkey}` })).body).toMatchObject({ uid });
  });

  it('is accepted in x-velocity-authkey', async () => {
    expect((await whoAmI({ 'x-velocity-authkey': user.authkey })).body).toMatchObject({ uid });
  });

  it('is accepted in the body of a call', async () => {
    expect((await whoAmI({}, { authkey: user.authkey })).body).toMatchObject({ uid });
  });

  it('is accepted in both headers of an upload', async () => {
    const { authkey } = scene.root;
    expect((await upload({ authorization: `Bearer ${authkey}` })).status).toBe(200);
    expect((await upload({ 'x-velocity-authkey': authkey })).status).toBe(200);
    expectError(await upload({}), 100, 401);
  });

  it('is read from the bearer token before the other locations', async () => {
    const other = scene.root.authkey;
    const headers = { authorization: `Bearer ${user.authkey}`, 'x-velocity-authkey': other };
    expect((await whoAmI(headers, { authkey: other })).body).toMatchObject({ uid });
  });

  it('is read from x-velocity-authkey before the body', async () => {
    const fields = { authkey: scene.root.authkey };
    expect((await whoAmI({ 'x-velocity-authkey': user.authkey }, fields)).body).toMatchObject({ uid });
  });

  it('is not read from a later location when an earlier one has a wrong authkey', async () => {
    const fields = { authkey: user.authkey };
    expectError(await whoAmI({ authorization: 'Bearer wrong' }, fields), 100, 401);
    expectError(await whoAmI({ 'x-velocity-authkey': 'wrong' }, fields), 100, 401);
  });

  it('is read from later locations when Authorization has another scheme', async () => {
    expect((await whoAmI({ authorization: 'Basic cm9vdDpyb290' }, { authkey: user.authkey })).body).toMatchObject({
      uid,
    });
  });

  it('is not accepted in the query', async () => {
    expectError(await send(scene.platter.url, { method: 'POST', path: `/u/user?authkey=${user.authkey}` }), 100, 401);
  });

  it.each([{ authkey: 7 }, { authkey: null }, { authkey: '' }, { authkey: ['a'] }, { authkey: 'x'.repeat(10_000) }])(
    'that can be none is an unknown one: %j',
    async (fields) => expectError(await whoAmI({}, fields), 100, 401),
  );

  describe('that is rotated or revoked', () => {
    it('is read from the body only', async () => {
      const { client } = await makeUser(scene);
      for (const operation of ['PATCH /u/auth', 'DELETE /u/auth']) expectError(await client.call(operation), 110, 400);
      expect((await client.call('POST /u/user')).status).toBe(200);
    });

    it('needs no other authentication', async () => {
      const { client } = await makeUser(scene);
      const anonymous = new Client(scene.platter.url, 'wrong');
      const { authkey, expires } = await anonymous.ask<{ authkey: string; expires: number }>('PATCH /u/auth', {
        authkey: client.authkey,
      });
      expect(Number.isInteger(expires)).toBe(true);
      expectError(await client.call('POST /u/user'), 100, 401);
      const fresh = new Client(scene.platter.url, authkey);
      expect((await fresh.call('POST /u/user')).status).toBe(200);
      await anonymous.ask('DELETE /u/auth', { authkey });
      expectError(await fresh.call('POST /u/user'), 100, 401);
    });

    it('can be revoked although it does not exist', async () => {
      const answer = await scene.root.call('DELETE /u/auth', { authkey: 'none' });
      expect([answer.status, answer.body ?? {}]).toEqual([200, {}]);
    });

    it('cannot be rotated after it was rotated or revoked', async () => {
      const { client } = await makeUser(scene);
      const { authkey } = await client.ask<{ authkey: string }>('PATCH /u/auth', { authkey: client.authkey });
      expectError(await client.call('PATCH /u/auth', { authkey: client.authkey }), 1400, 403);
      await client.ask('DELETE /u/auth', { authkey });
      expectError(await client.call('PATCH /u/auth', { authkey }), 1400, 403);
    });

    it.each(['', 7, null])('is missing when it is %j', async (authkey) => {
      expectError(await scene.root.call('PATCH /u/auth', { authkey }), 110, 400);
      expectError(await scene.root.call('DELETE /u/auth', { authkey }), 110, 400);
    });
  });
});
