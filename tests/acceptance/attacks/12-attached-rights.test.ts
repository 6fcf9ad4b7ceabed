import { logIn, type Client } from '../../support/http/client.ts';
import {
  createColleague,
  EVERYTHING,
  expectFault,
  openCloud,
  createUser,
  type Cloud,
  type CloudScene,
} from '../cloudsigma/cloud.ts';
import { at, makeServer, mounting, server, uuidsOn, type Server } from '../cloudsigma/server-fixtures.ts';
import { assign, give, makeGroup } from '../velocity/scene.ts';

const LIST = 'velocity.media.list';
const ALTER = 'velocity.vm.alter';

describe('A user who may only list, or has lost a permission', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let gid: number;
  beforeAll(async () => {
    scene = await openCloud();
    ({ cloud: ann, gid } = await createUser(scene));
  });

  const root = (): Client => scene.root;
  const drivesOf = async (cloud: Cloud, uuid: string): Promise<readonly string[]> =>
    uuidsOn(await cloud.ask<Server>(`GET /servers/${uuid}/`));

  it('cannot prevent a deletion by attaching the item', async () => {
    const { uuid } = await ann.make();
    const { cloud: reader } = await createColleague(scene, gid, [LIST]);
    const own = await makeServer(reader);
    expectFault(await reader.call('POST /servers/', server({ drives: [at(uuid)] })), 403, 'permission');
    expectFault(await reader.call(`PUT /servers/${own.uuid}/`, { drives: [at(uuid)] }), 403, 'permission');
    expect((await root().call('DELETE /m/media', { mid: uuid })).status).toBe(200);
  });

  it.each<[how: string, take: (uid: number, group: number) => Promise<unknown>]>([
    [
      'a permission',
      async (uid, group) => root().ask('DELETE /u/user/permission', { uid, gid: group, permission: ALTER }),
    ],
    [
      'the permission to list',
      async (uid, group) => root().ask('DELETE /u/user/permission', { uid, gid: group, permission: LIST }),
    ],
    ['every permission', async (uid, group) => root().ask('DELETE /u/user/permission', { uid, gid: group })],
    ['the pool', async (_uid, group) => root().ask('DELETE /m/pool/assign', { gid: group, mpid: 1 })],
    ['the right to write', async (_uid, group) => assign(scene, group, { write: false })],
    ['its account', async (uid) => root().ask('DELETE /u/user', { uid })],
  ])('loses its attachments together with %s', async (how, take) => {
    const { cloud: owner, gid: group } = await createUser(scene);
    const { uuid } = await owner.make();
    const { cloud: guest, uid } = await createColleague(scene, group, [LIST, ALTER]);
    const host = await makeServer(guest, [at(uuid)]);
    expect(await drivesOf(guest, host.uuid)).toEqual([uuid]);
    await take(uid, group);
    if (how !== 'its account') {
      expect(await drivesOf(guest, host.uuid)).toEqual([]);
      const again = await guest.call(`PUT /servers/${host.uuid}/`, { drives: [at(uuid)] });
      expect([403, 404]).toContain(again.status);
    }
    if (how !== 'the pool') expect(await mounting(owner, uuid)).toEqual(['unmounted', []]);
    await assign(scene, group);
    expect((await root().call('DELETE /m/media', { mid: uuid })).status).toBe(200);
  });

  it('keeps attachments that another grant allows', async () => {
    const below = await makeGroup(scene, gid);
    await assign(scene, below);
    const { cloud: owner } = await createColleague(scene, below);
    const { uuid } = await owner.make();
    const { cloud: guest, uid } = await createColleague(scene, below, [LIST, ALTER]);
    for (const permission of EVERYTHING) await give(scene, uid, gid, permission);
    const host = await makeServer(guest, [at(uuid)]);
    await root().ask('DELETE /u/user/permission', { uid, gid: below });
    expect(await drivesOf(guest, host.uuid)).toEqual([uuid]);
    await root().ask('DELETE /u/user/permission', { uid, gid });
    expect(await drivesOf(guest, host.uuid)).toEqual([]);
  });

  it('keeps no attachment if it attaches during the revocation', async () => {
    const { cloud: guest, uid } = await createColleague(scene, gid, [LIST, ALTER]);
    const own = await makeServer(guest);
    const taker = await logIn(scene.platter.url);
    for (let round = 0; round < 5; round += 1) {
      const { uuid } = await ann.make();
      await give(scene, uid, gid, ALTER);
      await Promise.all([
        guest.call(`PUT /servers/${own.uuid}/`, { drives: [at(uuid)] }),
        taker.ask('DELETE /u/user/permission', { uid, gid, permission: ALTER }),
        guest.call(`PUT /servers/${own.uuid}/`, { drives: [at(uuid)] }),
      ]);
      expect(await drivesOf(guest, own.uuid)).toEqual([]);
    }
  });
});
