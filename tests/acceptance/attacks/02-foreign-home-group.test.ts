import { makeGroup, mediaOf, midOf, openScene, type Scene } from '../velocity/scene.ts';
import { drive, expectFault, type Cloud, type Listed } from '../cloudsigma/cloud.ts';
import { expectError } from '../velocity/provocation.ts';
import { createUserOf, createTenant, grantPermission, type Tenant } from './tenants.ts';

const EVERY_MEDIA_RIGHT = ['list', 'create', 'remove'].map((what) => `velocity.media.${what}`);

describe('A permission that another tenant grants to a foreign user', () => {
  let scene: Scene;
  let victim: Tenant;
  let attacker: Tenant;
  let early: Tenant;
  beforeAll(async () => {
    scene = await openScene();
    // Created first, so that its group has the lowest id.
    early = await createTenant(scene);
    victim = await createTenant(scene);
    attacker = early;
  });

  const uuidsIn = async (gid: number): Promise<readonly string[]> =>
    (await mediaOf(scene, gid)).map(({ mid }) => mid).toSorted();

  /** Creates a drive by each call that names no group. */
  async function createByEachCall(cloud: Cloud): Promise<readonly string[]> {
    const made = (await cloud.make()).uuid;
    const uploaded = (await cloud.send('POST /drives/upload/', 'secret')).text;
    const { objects } = await cloud.ask<Listed>(`POST /drives/${made}/action/?do=clone`);
    return [made, uploaded, objects[0]!.uuid];
  }

  it('moves no new drive into the group of that tenant, whether created, uploaded or cloned', async () => {
    const { uid, cloud } = await createUserOf(victim);
    for (const permission of EVERY_MEDIA_RIGHT) await grantPermission(attacker.client, uid, attacker.gid, permission);
    await createByEachCall(cloud);
    expect(await uuidsIn(attacker.gid)).toEqual([]);
  });

  it('moves none if the user has no home group yet', async () => {
    const { uid } = await victim.client.ask<{ uid: number }>('PUT /u/user', { name: 'no home yet', password: 'a' });
    for (const permission of EVERY_MEDIA_RIGHT) await grantPermission(attacker.client, uid, attacker.gid, permission);
    const cloud = victim.cloud.as('no home yet', 'a');
    const refused = await cloud.call('POST /drives/', drive());
    expectFault(refused, 403, 'permission');
    expect(refused.text).toContain('PATCH /u/user');
    expectFault(await cloud.send('POST /drives/upload/', 'secret'), 403, 'permission');
    expect(await uuidsIn(attacker.gid)).toEqual([]);

    await grantPermission(victim.client, uid, victim.gid, 'velocity.media.create');
    const { uuid } = await cloud.make();
    expect(await uuidsIn(victim.gid)).toContain(uuid);
  });

  it('does not allow setting the home group of that user', async () => {
    const { uid } = await createUserOf(victim);
    for (const permission of EVERY_MEDIA_RIGHT) await grantPermission(attacker.client, uid, attacker.gid, permission);
    expectError(await attacker.client.call('PATCH /u/user', { uid, home_gid: attacker.gid }), 2400, 403);
  });

  it('does not make its group the home when the home is deleted or its permissions are revoked', async () => {
    const { uid, cloud, client } = await createUserOf(victim);
    for (const permission of EVERY_MEDIA_RIGHT) await grantPermission(attacker.client, uid, attacker.gid, permission);
    const below = await makeGroup(scene, victim.gid);
    await client.ask('PATCH /u/user', { home_gid: below });
    await victim.client.ask('DELETE /u/group', { gid: below });
    expectFault(await cloud.call('POST /drives/', drive()), 403, 'permission');
    await victim.client.ask('PATCH /u/user', { uid, home_gid: victim.gid });
    const { uuid } = await cloud.make();
    expect(await uuidsIn(victim.gid)).toContain(uuid);
    await victim.client.ask('DELETE /u/user/permission', { uid, gid: victim.gid });
    expectFault(await cloud.call('POST /drives/', drive()), 403, 'permission');
    expect(await uuidsIn(attacker.gid)).toEqual([]);
  });

  it('puts a clone into the home group if the user may not create next to its source', async () => {
    const { cloud, uid } = await createUserOf(victim);
    const shared = midOf(await attacker.client.upload({ group: attacker.gid, name: 'shared.iso' }, 'shared'));
    await grantPermission(attacker.client, uid, attacker.gid, 'velocity.media.list');
    const { objects } = await cloud.ask<Listed>(`POST /drives/${shared}/action/?do=clone`);
    expect(await uuidsIn(attacker.gid)).toEqual([shared]);
    expect((await cloud.get(objects[0]!.uuid)).uuid).toBe(objects[0]!.uuid);
  });

  it('decides the home if the operator granted it', async () => {
    const { uid, cloud } = await createUserOf(attacker);
    await attacker.client.ask('DELETE /u/user/permission', { uid, gid: attacker.gid });
    for (const permission of EVERY_MEDIA_RIGHT) await grantPermission(scene.root, uid, victim.gid, permission);
    const { uuid } = await cloud.make();
    expect(await uuidsIn(victim.gid)).toContain(uuid);
  });
});
