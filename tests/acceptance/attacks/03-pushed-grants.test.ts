import { makeGroup, openScene, type Scene } from '../velocity/scene.ts';
import { expectError } from '../velocity/provocation.ts';
import { hire, makeTenant, push, type Tenant } from './tenants.ts';

interface Shown {
  readonly home_gid: number | null;
  readonly memberships: readonly { readonly gid: number; readonly permissions: readonly { readonly name: string }[] }[];
}

describe('A grant that another tenant pushes on a user', () => {
  let scene: Scene;
  let victim: Tenant;
  let attacker: Tenant;
  beforeAll(async () => {
    scene = await openScene();
    [victim, attacker] = [await makeTenant(scene), await makeTenant(scene)];
  });

  it('shows the other tenant nothing but its own group', async () => {
    const { uid, client } = await hire(victim);
    const inside = await makeGroup(scene, victim.gid);
    await push(victim.client, uid, inside, 'velocity.media.list');
    expectError(await attacker.client.call('POST /u/user', { uid }), 2100, 403);
    await push(attacker.client, uid, attacker.gid, 'velocity.media.list');

    const seen = await attacker.client.ask<Shown>('POST /u/user', { uid });
    expect(seen.memberships.map(({ gid, permissions }) => [gid, permissions.map(({ name }) => name)])).toEqual([
      [0, []],
      [attacker.gid, ['velocity.media.list']],
    ]);
    expect(seen.home_gid).toBeNull();
    const own = await client.ask<Shown>('POST /u/user');
    expect(own.memberships.map(({ gid }) => gid)).toEqual(
      [0, victim.gid, attacker.gid, inside].toSorted((a, b) => a - b),
    );
    expect(own.home_gid).toBe(victim.gid);
  });

  it('does not keep the tenant of the user from removing it, and gives the other tenant no right to', async () => {
    const { uid } = await hire(victim);
    await push(attacker.client, uid, attacker.gid, 'velocity.media.create');
    expectError(await attacker.client.call('DELETE /u/user', { uid }), 2300, 403);
    const { client: successor, uid: successorUid } = await hire(victim);
    expectError(await successor.call('DELETE /u/user', { uid }), 2300, 403);
    await push(victim.client, successorUid, victim.gid, 'velocity.user.remove');
    expect((await successor.call('DELETE /u/user', { uid })).status).toBe(200);
    const { memberships } = await attacker.client.ask<{ memberships: { uid: number }[] }>('POST /u/group', {
      gid: attacker.gid,
    });
    expect(memberships.map((member) => member.uid)).not.toContain(uid);
  });

  it('does not keep the creator from viewing and removing a user that is in no group of its own', async () => {
    const { uid } = await victim.client.ask<{ uid: number }>('PUT /u/user', { name: 'pushed upon', password: 'a' });
    await push(attacker.client, uid, attacker.gid, 'velocity.media.create');
    expect((await victim.client.ask<Shown>('POST /u/user', { uid })).memberships).toEqual([]);
    expect((await victim.client.call('DELETE /u/user', { uid })).status).toBe(200);
  });
});
