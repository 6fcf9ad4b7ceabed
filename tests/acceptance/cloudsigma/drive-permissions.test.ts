import { assign, give, makeAssignedGroup, makeGroup } from '../velocity/scene.ts';
import {
  createColleague,
  drive,
  EVERYTHING,
  expectFault,
  openCloud,
  createUser,
  type CloudScene,
  type Listed,
} from './cloud.ts';

const [LIST, CREATE, REMOVE] = EVERYTHING;

const POOLS = `
pools:
  - { mpid: 1, name: fast, path: fast, storage_type: nvme }
  - { mpid: 2, name: slow, path: slow, default: true }
  - { mpid: 3, name: also slow, path: also }
`;

describe('Permissions on drives', () => {
  let scene: CloudScene;
  beforeAll(async () => (scene = await openCloud({ poolsFile: POOLS })));

  it('hide drives from users who may not list them', async () => {
    const { cloud: ann, gid } = await createUser(scene);
    const { uuid } = await ann.make();
    const { cloud: blind } = await createColleague(scene, gid, [CREATE, REMOVE]);
    const { cloud: stranger } = await createUser(scene);
    for (const other of [blind, stranger]) {
      expect(await other.ask<Listed>('GET /drives/')).toMatchObject({ meta: { total_count: 0 }, objects: [] });
      for (const operation of [
        `GET /drives/${uuid}/`,
        `PUT /drives/${uuid}/`,
        `DELETE /drives/${uuid}/`,
        `GET /drives/${uuid}/download/`,
        `POST /drives/${uuid}/action/?do=resize`,
      ]) {
        expectFault(await other.call(operation, { size: 1 }), 404, 'notexist');
      }
    }
  });

  it('refuse changes of drives that are only visible', async () => {
    const { cloud: ann, gid } = await createUser(scene);
    const { uuid } = await ann.make();
    const { cloud: reader } = await createColleague(scene, gid, [LIST]);
    expect((await reader.call(`GET /drives/${uuid}/download/`)).status).toBe(200);
    for (const operation of [
      `PUT /drives/${uuid}/`,
      `DELETE /drives/${uuid}/`,
      `POST /drives/${uuid}/action/?do=resize`,
    ]) {
      expectFault(await reader.call(operation, { size: 1 }), 403, 'permission');
    }
    expectFault(await reader.call('POST /drives/', drive()), 403, 'permission');
    expectFault(await reader.send('POST /drives/upload/', 'bytes'), 403, 'permission');
    const { cloud: maker } = await createColleague(scene, gid, [LIST, CREATE]);
    expectFault(await maker.call(`DELETE /drives/${uuid}/`), 403, 'permission');
    await maker.ask(`PUT /drives/${uuid}/`, { name: 'by another' });
  });

  it('depend on the rights of the group on the pool', async () => {
    const { cloud: ann, gid } = await createUser(scene);
    const { uuid } = await ann.make();
    await assign(scene, gid, { write: false });
    expectFault(await ann.call(`PUT /drives/${uuid}/`, { size: 5000 }), 403, 'permission');
    await ann.ask(`PUT /drives/${uuid}/`, { name: 'not written to' });
    await assign(scene, gid, { manage: false });
    for (const operation of [`PUT /drives/${uuid}/`, `DELETE /drives/${uuid}/`]) {
      expectFault(await ann.call(operation, {}), 403, 'permission');
    }
    expectFault(await ann.call('POST /drives/', drive()), 403, 'permission');
    await scene.root.ask('DELETE /m/pool/assign', { gid, mpid: 1 });
    expectFault(await ann.call(`GET /drives/${uuid}/`), 404, 'notexist');
    expect((await ann.ask<Listed>('GET /drives/')).meta.total_count).toBe(0);
  });

  it('include the groups below for lists, and need a direct grant for creation', async () => {
    const { cloud: ann, gid } = await createUser(scene);
    const below = await makeGroup(scene, gid);
    await assign(scene, below);
    const { cloud: ben } = await createColleague(scene, below);
    const { uuid } = await ben.make();
    expect((await ann.get(uuid)).uuid).toBe(uuid);
    await scene.root.ask('DELETE /m/pool/assign', { gid, mpid: 1 });
    expectFault(await ann.call('POST /drives/', drive()), 403, 'permission');
    await ann.ask(`PUT /drives/${uuid}/`, { name: 'from above' });
    expect((await ann.call(`DELETE /drives/${uuid}/`)).status).toBe(204);
  });

  it('create drives in the home group, in the default pool first, then by the pools file', async () => {
    const groups = [await makeGroup(scene), await makeGroup(scene)] as const;
    const { uid, cloud: ann } = await createColleague(scene, groups[1]);
    for (const permission of EVERYTHING) await give(scene, uid, groups[0], permission);

    async function placementOf(uuid: string): Promise<readonly [gid: number, mpid: number] | null> {
      for (const gid of groups) {
        const { media } = await scene.root.ask<{ media: { mid: string; mpid: number }[] }>('POST /m/media/list', {
          gid,
        });
        const found = media.find(({ mid }) => mid === uuid);
        if (found !== undefined) return [gid, found.mpid];
      }
      return null;
    }
    const made = async (fields: object = {}): Promise<readonly [gid: number, mpid: number] | null> =>
      placementOf((await ann.make({ ...fields })).uuid);

    await assign(scene, groups[0], { mpid: 2 });
    expectFault(await ann.call('POST /drives/', drive()), 403, 'permission');
    await assign(scene, groups[1], { mpid: 3 });
    expect(await made()).toEqual([groups[1], 3]);
    await assign(scene, groups[1], { mpid: 1 });
    expect(await made()).toEqual([groups[1], 1]);
    await assign(scene, groups[1], { mpid: 2 });
    expect(await made()).toEqual([groups[1], 2]);
    expect(await made({ storage_type: 'nvme' })).toEqual([groups[1], 1]);
    expectFault(await ann.call('POST /drives/', { ...drive(), storage_type: 'tape' }), 403, 'permission');
    expect(await placementOf((await ann.send('POST /drives/upload/', 'bytes')).text)).toEqual([groups[1], 2]);

    await scene.root.ask('PATCH /u/user', { uid, home_gid: groups[0] });
    expect(await made()).toEqual([groups[0], 2]);
    await scene.root.ask('DELETE /u/user/permission', { uid, gid: groups[0], permission: CREATE });
    expectFault(await ann.call('POST /drives/', drive()), 403, 'permission');
  });

  it('allow everything to root, in the root group', async () => {
    const { uuid } = await scene.boss.make();
    expect((await scene.boss.get(uuid)).storage_type).toBe('dssd');
    const gid = await makeAssignedGroup(scene);
    const other = (await createColleague(scene, gid)).cloud;
    expectFault(await other.call(`GET /drives/${uuid}/`), 404, 'notexist');
    expect((await scene.boss.call(`DELETE /drives/${uuid}/`)).status).toBe(204);
  });
});
