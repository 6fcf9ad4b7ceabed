import { freshName, logIn, type Client } from '../../support/http/client.ts';
import { Cloud } from '../cloudsigma/cloud.ts';
import { assign, give, makeGroup, type Scene } from '../velocity/scene.ts';

/** A tenant: a group below the root with pool 1, and the user who administers it. */
export interface Tenant {
  readonly gid: number;
  readonly uid: number;
  readonly client: Client;
  readonly cloud: Cloud;
}

/** The permissions of a tenant's administrator. */
const TENANT_PERMISSIONS = [
  ...['create', 'remove', 'assign', 'revoke', 'view'].map((what) => `velocity.user.${what}`),
  ...['create', 'remove', 'view'].map((what) => `velocity.group.${what}`),
  ...['list', 'create', 'remove'].map((what) => `velocity.media.${what}`),
  ...['list', 'assign', 'revoke'].map((what) => `velocity.pool.${what}`),
];

/** Creates a tenant as the operator does. */
export async function createTenant(scene: Scene): Promise<Tenant> {
  const gid = await makeGroup(scene);
  await assign(scene, gid);
  const name = freshName('tenant');
  const { uid } = await scene.root.ask<{ uid: number }>('PUT /u/user', { name, password: name });
  for (const permission of TENANT_PERMISSIONS) await give(scene, uid, gid, permission);
  return {
    gid,
    uid,
    client: await logIn(scene.platter.url, name, name),
    cloud: new Cloud(scene.platter.url, name, name),
  };
}

/** Creates a user of a tenant with the media permissions in its group. */
export async function createUserOf({ client, gid, cloud }: Tenant): Promise<Omit<Tenant, 'gid'>> {
  const name = freshName('user');
  const { uid } = await client.ask<{ uid: number }>('PUT /u/user', { name, password: name });
  for (const what of ['list', 'create', 'remove']) await grantPermission(client, uid, gid, `velocity.media.${what}`);
  return { uid, client: await logIn(cloud.url, name, name), cloud: new Cloud(cloud.url, name, name) };
}

/** Grants a permission to any user. */
export async function grantPermission(client: Client, uid: number, gid: number, permission: string): Promise<void> {
  await client.ask('PUT /u/user/permission', { uid, gid, permission });
}
