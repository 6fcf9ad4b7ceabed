import { freshName, logIn, type Client } from '../../support/http/client.ts';
import { Cloud } from '../cloudsigma/cloud.ts';
import { assign, give, makeGroup, type Scene } from '../velocity/scene.ts';

/** A group of its own below the root with pool 1, and the user who runs it. */
export interface Tenant {
  readonly gid: number;
  readonly uid: number;
  readonly client: Client;
  readonly cloud: Cloud;
}

/** What an operator gives the one who runs a tenant. */
const RUNS = [
  ...['create', 'remove', 'assign', 'revoke', 'view'].map((what) => `velocity.user.${what}`),
  ...['create', 'remove', 'view'].map((what) => `velocity.group.${what}`),
  ...['list', 'create', 'remove'].map((what) => `velocity.media.${what}`),
  ...['list', 'assign', 'revoke'].map((what) => `velocity.pool.${what}`),
];

/** A fresh tenant, as the operator makes them. */
export async function makeTenant(scene: Scene): Promise<Tenant> {
  const gid = await makeGroup(scene);
  await assign(scene, gid);
  const name = freshName('tenant');
  const { uid } = await scene.root.ask<{ uid: number }>('PUT /u/user', { name, password: name });
  for (const permission of RUNS) await give(scene, uid, gid, permission);
  return {
    gid,
    uid,
    client: await logIn(scene.platter.url, name, name),
    cloud: new Cloud(scene.platter.url, name, name),
  };
}

/** A user that a tenant makes for itself, with what it takes to have drives in its group. */
export async function hire({ client, gid, cloud }: Tenant): Promise<Omit<Tenant, 'gid'>> {
  const name = freshName('user');
  const { uid } = await client.ask<{ uid: number }>('PUT /u/user', { name, password: name });
  for (const what of ['list', 'create', 'remove']) await push(client, uid, gid, `velocity.media.${what}`);
  return { uid, client: await logIn(cloud.url, name, name), cloud: new Cloud(cloud.url, name, name) };
}

/** Gives a user a permission, whoever's user it is. */
export async function push(client: Client, uid: number, gid: number, permission: string): Promise<void> {
  await client.ask('PUT /u/user/permission', { uid, gid, permission });
}
