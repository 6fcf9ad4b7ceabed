import { Client, freshName, logIn } from '../support/http/client.ts';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { until } from '../support/waiting/until.ts';
import { expectError } from '../acceptance/velocity/provocation.ts';
import { beginUpload } from '../acceptance/velocity/raw-upload.ts';
import {
  makeAssignedGroup,
  makeUser,
  mediaOf,
  openScene,
  startReplica,
  untilAdmitted,
  type Scene,
} from '../acceptance/velocity/scene.ts';

interface Issued {
  readonly authkey: string;
  readonly expires: number;
}

async function whoIs(url: string, authkey: string): Promise<unknown> {
  const { status, body } = await new Client(url, authkey).call('POST /u/user');
  return status === 200 ? (body as { uid: number }).uid : status;
}

describe('An authkey', () => {
  let scene: Scene;
  beforeAll(async () => (scene = await openScene()));

  it('survives a restart and a killed process', async () => {
    const { uid, client } = await makeUser(scene);
    await scene.platter.restart();
    expect(await whoIs(scene.platter.url, client.authkey)).toBe(uid);
    await scene.platter.kill('SIGKILL');
    await scene.platter.restart();
    expect(await whoIs(scene.platter.url, client.authkey)).toBe(uid);
    expect(await whoIs(scene.platter.url, scene.root.authkey)).toBe(0);
    scene = { ...scene, root: await logIn(scene.platter.url) };
  });

  it('works on every replica, and is revoked on all at once', async () => {
    const replica = await startReplica(scene);
    const { uid, client } = await makeUser(scene);
    expect(await whoIs(replica.url, client.authkey)).toBe(uid);
    const there = new Client(replica.url, client.authkey);
    const { authkey } = await there.ask<Issued>('PATCH /u/auth', { authkey: client.authkey });
    expect([await whoIs(scene.platter.url, client.authkey), await whoIs(scene.platter.url, authkey)]).toEqual([
      401,
      uid,
    ]);
    await client.ask('DELETE /u/auth', { authkey });
    expect(await whoIs(replica.url, authkey)).toBe(401);
    await replica.stop();
  });

  it('is rotated by only one of several concurrent requests', async () => {
    const { uid, client } = await makeUser(scene);
    const swap = async (): ReturnType<Client['call']> => client.call('PATCH /u/auth', { authkey: client.authkey });
    const answers = await Promise.all([swap(), swap(), swap(), swap()]);
    const [won, ...lost] = answers.sort((a, b) => a.status - b.status);
    for (const answer of lost) expectError(answer, 1400, 403);
    expect(await whoIs(scene.platter.url, (won.body as Issued).authkey)).toBe(uid);
    expect(await whoIs(scene.platter.url, client.authkey)).toBe(401);
  });

  it('is one of several that a user can have', async () => {
    const { uid, name, client } = await makeUser(scene);
    const other = await logIn(scene.platter.url, name, name);
    expect(other.authkey).not.toBe(client.authkey);
    await client.ask('DELETE /u/auth', { authkey: client.authkey });
    expect(await whoIs(scene.platter.url, other.authkey)).toBe(uid);
  });

  it('is stored only as a digest', async () => {
    const { client } = await makeUser(scene);
    const [{ dump } = { dump: '' }] = await rowsOf(
      scene.platter.database.url,
      `select string_agg(authkeys::text || encode(hash, 'escape') || encode(hash, 'base64'), ' ') as dump from authkeys`,
    );
    expect(String(dump)).not.toContain(client.authkey);
    expect(String(dump)).not.toContain(Buffer.from(client.authkey).toString('hex'));
    expect(JSON.stringify(scene.platter.log)).not.toContain(client.authkey);
    expect(JSON.stringify(scene.platter.log)).not.toContain(ROOT_PASSWORD);
  });

  it('is revoked when its user is removed', async () => {
    const { uid, client } = await makeUser(scene);
    await scene.root.ask('DELETE /u/user', { uid });
    expect(await whoIs(scene.platter.url, client.authkey)).toBe(401);
  });
});

describe('An authkey that lives for a second', () => {
  let scene: Scene;
  let brief: string;
  beforeAll(async () => {
    scene = await openScene();
    brief = (await startReplica(scene, { PLATTER_AUTHKEY_LIFETIME: '1' })).url;
  });

  async function untilExpired(authkey: string): Promise<void> {
    await until('the authkey expires', async () => (await whoIs(brief, authkey)) === 401);
  }

  it('expires at the time that the answer names', async () => {
    const anonymous = new Client(brief, '');
    const before = Math.floor(Date.now() / 1000);
    const { authkey, expires } = await anonymous.ask<Issued>('POST /u/auth', { name: 'root', password: ROOT_PASSWORD });
    expect(expires).toBeGreaterThan(before);
    expect(await whoIs(brief, authkey)).toBe(0);
    await untilExpired(authkey);
    expect(Date.now() / 1000).toBeGreaterThanOrEqual(expires);
    expect(await whoIs(scene.platter.url, authkey)).toBe(401);
  });

  it('differs from an unknown one when it is rotated after it expired, and can be revoked', async () => {
    const client = await logIn(brief);
    await untilExpired(client.authkey);
    expectError(await client.call('PATCH /u/auth', { authkey: client.authkey }), 1401, 403);
    await client.ask('DELETE /u/auth', { authkey: client.authkey });
    expectError(await client.call('PATCH /u/auth', { authkey: client.authkey }), 1400, 403);
  });

  it('has a new lifetime after a rotation', async () => {
    const client = await logIn(brief);
    const { authkey } = await client.ask<Issued>('PATCH /u/auth', { authkey: client.authkey });
    expect(await whoIs(brief, authkey)).toBe(0);
    await untilExpired(authkey);
  });

  it('lets its upload finish after it expired', async () => {
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    const client = await logIn(brief);
    const connection = await beginUpload(client, { group: gid, name }, 10);
    await connection.send('bytes');
    await untilAdmitted(scene, name);
    await untilExpired(client.authkey);
    await connection.send('bytes');
    expect((await connection.answer()).status).toBe(200);
    expect(await mediaOf(scene, gid)).toMatchObject([{ name, size: 10 }]);
    expectError(await client.upload({ group: gid, name: freshName('media') }, 'a'), 100, 401);
  });
});

describe('The password of root', () => {
  it('revokes the authkeys of root when it changed before a start', async () => {
    const scene = await openScene();
    const { uid, client } = await makeUser(scene);
    expect(await whoIs(scene.platter.url, scene.root.authkey)).toBe(0);
    const other = await startReplica(scene, { PLATTER_ROOT_PASSWORD: 'another one' });
    expect(await whoIs(other.url, scene.root.authkey)).toBe(401);
    expect(await whoIs(other.url, client.authkey)).toBe(uid);
    await expect(logIn(other.url)).rejects.toThrow('403');
    expect(await whoIs(other.url, (await logIn(other.url, 'root', 'another one')).authkey)).toBe(0);
  });
});
