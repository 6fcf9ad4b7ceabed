import { makeGroup, openScene, type Scene } from '../velocity/scene.ts';
import { expectError } from '../velocity/provocation.ts';
import { createUserOf, createTenant, grantPermission, type Tenant } from './tenants.ts';

interface UserResponse {
  readonly home_gid: number | null;
  readonly memberships: readonly { readonly gid: number; readonly permissions: readonly { readonly name: string }[] }[];
}

describe('A grant of another tenant to a foreign user', () => {
  let scene: Scene;
  let victim: Tenant;
  let attacker: Tenant;
  beforeAll(async () => {
    scene = await openScene();
    [victim, attacker] = [await createTenant(scene), await createTenant(scene)];
  });

  it('lets the other tenant see only its own group', async () => {
    const { uid, client } = await createUserOf(victim);
    const inside = await makeGroup(scene, victim.gid);
    await grantPermission(victim.client, uid, inside, 'velocity.media.list');
    expectError(await attacker.client.call('POST /u/user', { uid }), 2100, 403);
    await grantPermission(attacker.client, uid, attacker.gid, 'velocity.media.list');

    const seen = await attacker.client.ask<UserResponse>('POST /u/user', { uid });
    expect(seen.memberships.map(({ gid, permissions }) => [gid, permissions.map(({ name }) => name)])).toEqual([
      [0, []],
      [attacker.gid, ['velocity.media.list']],
    ]);
    expect(seen.home_gid).toBeNull();
    const own = await client.ask<UserResponse>('POST /u/user');
    expect(own.memberships.map(({ gid }) => gid)).toEqual(
      [0, victim.gid, attacker.gid, inside].toSorted((a, b) => a - b),
    );
    expect(own.home_gid).toBe(victim.gid);
  });

  it('does not prevent the tenant of the user from deleting it, and does not allow the other tenant to', async () => {
    const { uid } = await createUserOf(victim);
    await grantPermission(attacker.client, uid, attacker.gid, 'velocity.media.create');
    expectError(await attacker.client.call('DELETE /u/user', { uid }), 2300, 403);
    const { client: successor, uid: successorUid } = await createUserOf(victim);
    expectError(await successor.call('DELETE /u/user', { uid }), 2300, 403);
    await grantPermission(victim.client, successorUid, victim.gid, 'velocity.user.remove');
    expect((await successor.call('DELETE /u/user', { uid })).status).toBe(200);
    const { memberships } = await attacker.client.ask<{ memberships: { uid: number }[] }>('POST /u/group', {
      gid: attacker.gid,
    });
    expect(memberships.map((member) => member.uid)).not.toContain(uid);
  });

  it('does not prevent the creator from viewing and deleting a user without a group', async () => {
    const { uid } = await victim.client.ask<{ uid: number }>('PUT /u/user', { name: 'pushed upon', password: 'a' });
    await grantPermission(attacker.client, uid, attacker.gid, 'velocity.media.create');
    expect((await victim.client.ask<UserResponse>('POST /u/user', { uid })).memberships).toEqual([]);
    expect((await victim.client.call('DELETE /u/user', { uid })).status).toBe(200);
  });
});
