import type { Client } from '../../support/http/client.ts';
import { freshName, logIn, type Answer } from '../../support/http/client.ts';
import { until } from '../../support/waiting/until.ts';
import { expectError } from './provocation.ts';
import { beginUpload } from './raw-upload.ts';
import {
  assign,
  give,
  makeAssignedGroup,
  makeGroup,
  makeUser,
  mediaOf,
  midOf,
  openScene,
  poolOf,
  untilAdmitted,
  type Scene,
} from './scene.ts';

interface Membership {
  readonly gid: number;
  readonly parent_gid: number;
  readonly name: string;
  readonly permissions: readonly { readonly name: string }[];
}

const POOLS = `
pools:
  - { mpid: 1, name: main, path: main, default: true }
  - { mpid: 2, name: other, path: other }
`;

/** One story: each test continues after the one before it. */
describe('The life of a group', () => {
  let scene: Scene;
  let gid: number;
  let child: number;
  let uid: number;
  let owner: Client;
  const name = freshName('team');
  beforeAll(async () => (scene = await openScene({ poolsFile: POOLS })));

  async function upload(size: number, order: { group?: number; name?: string } = {}): Promise<Answer> {
    return owner.upload({ group: gid, name: freshName('media'), ...order }, Buffer.alloc(size));
  }

  it('begins with a name that is unique in its parent', async () => {
    const made = await scene.root.call('PUT /u/group', { name, parent_gid: 0 });
    gid = (made.body as Membership).gid;
    expect(made.body).toEqual({ gid, name, parent_gid: 0 });
    expectError(await scene.root.call('PUT /u/group', { name, parent_gid: 0 }), 5220, 409);
    const below = await scene.root.call('PUT /u/group', { name, parent_gid: gid });
    child = (below.body as Membership).gid;
    expect(below.body).toEqual({ gid: child, name, parent_gid: gid });
  });

  it('continues with a user without permissions', async () => {
    const { uid: made, client } = await makeUser(scene);
    [uid, owner] = [made, client];
    expectError(await owner.call('POST /u/group', { gid }), 5100, 403);
    expectError(await owner.call('POST /m/pool/list', { gid }), 7100, 403);
    expectError(await upload(1), 9200, 403);
    expect((await owner.call('POST /u/group/list')).body).toEqual({ groups: [] });
  });

  it('grants permissions that hold on it and below, and nowhere else', async () => {
    for (const permission of ['group.view', 'pool.list', 'media.list', 'media.create', 'media.remove', 'user.assign']) {
      await give(scene, uid, gid, `velocity.${permission}`);
    }
    for (const each of [gid, child]) {
      expect((await owner.call('POST /u/group', { gid: each })).body).toMatchObject({ gid: each });
    }
    const beside = await makeAssignedGroup(scene);
    expectError(await owner.call('POST /u/group', { gid: beside }), 5100, 403);
    expectError(await owner.call('POST /u/group', { gid: 0 }), 5100, 403);
    expectError(await upload(1, { group: beside }), 9200, 403);
  });

  it('is visible to its members with its ancestors', async () => {
    const { groups } = await owner.ask<{ groups: Membership[] }>('POST /u/group/list');
    expect(groups.map((group) => [group.gid, group.parent_gid, group.permissions.length])).toEqual([
      [0, 0, 0],
      [gid, 0, 6],
      [child, gid, 0],
    ]);
    const { memberships } = await owner.ask<{ memberships: Membership[] }>('POST /u/user');
    expect(memberships.map((group) => group.gid)).toEqual([0, gid]);
    const view = await owner.ask<{ memberships: { uid: number }[] }>('POST /u/group', { gid });
    expect(view.memberships.map((member) => member.uid)).toEqual([uid]);
  });

  it('can use no pool before one is assigned', async () => {
    expect((await owner.call('POST /m/pool/list', { gid })).body).toEqual({ pools: [] });
    expectError(await upload(1), 9201, 403);
    await assign(scene, gid, { quota: 100 });
    expect((await owner.call('POST /m/pool/list', { gid })).body).toEqual({
      pools: [{ mpid: 1, name: 'main', write: true, manage: true, quota: 100, used: 0, available: 100 }],
    });
    expect((await owner.call('POST /m/pool/list', { gid: child })).body).toEqual({ pools: [] });
  });

  it('fills its quota exactly', async () => {
    expect((await upload(60)).status).toBe(200);
    expectError(await upload(41), 9221, 406);
    expect((await upload(40)).status).toBe(200);
    expect((await mediaOf(scene, gid)).map(({ size }) => size)).toEqual([60, 40]);
  });

  it('keeps its media when the quota is lowered below them, and cannot add any', async () => {
    await assign(scene, gid, { quota: 50 });
    expect(await poolOf(scene, gid)).toMatchObject({ quota: 50, used: 100, available: 0 });
    expectError(await upload(1), 9221, 406);
    expect(await mediaOf(scene, gid)).toHaveLength(2);
    const [largest] = await mediaOf(scene, gid);
    expect((await owner.call('DELETE /m/media', { mid: largest!.mid })).status).toBe(200);
    expect((await upload(10)).status).toBe(200);
    expect(await poolOf(scene, gid)).toMatchObject({ used: 50, available: 0 });
  });

  it('does not list its media while the pool is revoked', async () => {
    const before = await mediaOf(scene, gid);
    await scene.root.ask('DELETE /m/pool/assign', { gid, mpid: 1 });
    expect((await owner.call('POST /m/pool/list', { gid })).body).toEqual({ pools: [] });
    expect(await mediaOf(scene, gid)).toEqual([]);
    expectError(await owner.call('DELETE /m/media', { mid: before[0]!.mid }), 9301, 403);
    expectError(await scene.root.upload({ group: 0, name: before[0]!.name }, 'a'), 9220, 409);
    await assign(scene, gid, { write: false });
    expect(await mediaOf(scene, gid)).toEqual(before);
    expect(await poolOf(scene, gid)).toMatchObject({ quota: 0, used: 50, available: null });
  });

  it('counts the media of its subgroup', async () => {
    await assign(scene, child, { quota: 30 });
    await assign(scene, child, { mpid: 2 });
    await assign(scene, gid, { quota: 70 });
    expect((await upload(20, { group: child })).status).toBe(200);
    expectError(await upload(1, { group: child }), 9221, 406);
    expect((await poolOf(scene, gid)).used).toBe(70);
    expect((await poolOf(scene, child)).used).toBe(20);
    const order = { gid: child, mpid: 2, name: freshName('media'), size: 1024 ** 4 };
    midOf(await owner.call('PUT /m/media/create', order));
  });

  it('is removed with its media, its uploads under way and its subgroups', async () => {
    const [first] = await mediaOf(scene, gid);
    await assign(scene, gid, { quota: 0 });
    await assign(scene, child, { quota: 0 });
    const length = 8 * 1024 * 1024;
    const running = freshName('media');
    const connection = await beginUpload(owner, { group: child, name: running }, length);
    await connection.send(Buffer.alloc(length / 2));
    await untilAdmitted(scene, running);

    expectError(await owner.call('DELETE /u/group', { gid }), 5300, 403);
    await scene.root.ask('DELETE /u/group', { gid });
    expectError(await connection.answer(), 9217, 404);
    await connection.send(Buffer.alloc(length / 2));

    for (const each of [gid, child]) expectError(await scene.root.call('POST /u/group', { gid: each }), 5110, 404);
    expectError(await scene.root.call('POST /m/media/list', { gid }), 10110, 404);
    expectError(await scene.root.call('DELETE /m/media', { mid: first!.mid }), 9310, 404);
    for (const free of [first!.name, running]) {
      expect((await scene.root.upload({ group: 0, name: free }, 'a')).status).toBe(200);
    }
  });

  it('leaves no bytes, no usage and no permissions behind, and its name is free', async () => {
    const own = (await mediaOf(scene, 0)).map(({ mid }) => mid);
    await until('the files are gone', async () => {
      const files = (await scene.platter.stored()).map(([file]) => file);
      return files.length === own.length && files.every((file) => own.includes(file));
    });
    expect((await poolOf(scene, 0)).used).toBe(own.length);
    expect((await poolOf(scene, 0, 2)).used).toBe(0);
    expect((await owner.call('POST /u/user')).body).toMatchObject({ uid, memberships: [] });
    expect((await scene.root.call('PUT /u/group', { name, parent_gid: 0 })).status).toBe(200);
  });

  it('leaves its user, who is removed separately', async () => {
    await scene.root.ask('DELETE /u/user', { uid });
    expectError(await owner.call('POST /u/user'), 100, 401);
    const again = await makeGroup(scene);
    expectError(
      await scene.root.call('PUT /u/user/permission', { uid, gid: again, permission: 'velocity.media.list' }),
      4210,
      404,
    );
    await expect(logIn(scene.platter.url, 'nobody', 'nothing')).rejects.toThrow('403');
  });
});
