import { freshName } from '../../support/http/client.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { row, type Provoke } from './provocation.ts';
import { assign, makeGroup, makeUser, midOf, NOWHERE, protect } from './scene.ts';

const VIEW = 'velocity.group.view';

/** Calls as root. */
function root(operation: string, fields?: unknown): Provoke {
  return async (scene) => scene.root.call(operation, fields);
}

/** Calls as a user without permissions. */
function unprivileged(operation: string, fields?: unknown): Provoke {
  return async (scene) => (await makeUser(scene)).client.call(operation, fields);
}

/**
 * Calls as a user who holds this permission, and no other, on a group of its own; adds both ids to
 * the fields.
 */
function privileged(permission: string, operation: string, fields: object): Provoke {
  return async (scene) => {
    const gid = await makeGroup(scene);
    const { uid, client } = await makeUser(scene, gid, permission);
    return client.call(operation, { uid, gid, ...fields });
  };
}

/** Errors of `/u/user`, `/u/user/list` and `/u/user/permission`. */
export const USERS = [
  row(2100, 403, 'another user is viewed', unprivileged('POST /u/user', { uid: 0 })),
  row(2100, 403, 'the error would reveal that the user exists', unprivileged('POST /u/user', { uid: NOWHERE })),
  row(2110, 404, 'there is no such user to view', root('POST /u/user', { uid: NOWHERE })),
  row(2200, 403, 'the permission is missing', unprivileged('PUT /u/user', { name: freshName('user'), password: 'a' })),
  row(2220, 409, 'the name is taken', root('PUT /u/user', { name: 'root', password: 'a' })),
  row(2221, 403, 'the caller has created the maximum', async (scene) => {
    const { uid, client } = await makeUser(scene, await makeGroup(scene), 'velocity.user.create');
    await rowsOf(
      scene.platter.database.url,
      `insert into users (name, password_hash, created_by, origin)
       select 'made by ' || name || ' ' || number, 'no hash', uuid, uuid
       from users, generate_series(1, 1000) as numbers (number) where id = ${uid}`,
    );
    return client.call('PUT /u/user', { name: freshName('user'), password: 'a' });
  }),
  row(2300, 403, 'the permission is missing', unprivileged('DELETE /u/user', { uid: 0 })),
  row(2300, 403, 'root is removed', root('DELETE /u/user', { uid: 0 })),
  row(2310, 404, 'there is no such user to remove', root('DELETE /u/user', { uid: NOWHERE })),
  row(2400, 403, 'the home of another user is set', unprivileged('PATCH /u/user', { uid: 0, home_gid: 0 })),
  row(
    2400,
    403,
    'the error would reveal that the user exists',
    unprivileged('PATCH /u/user', { uid: NOWHERE, home_gid: 0 }),
  ),
  row(2400, 403, 'the user may not create media there', unprivileged('PATCH /u/user', { home_gid: 0 })),
  row(2400, 403, 'the error would reveal that the group exists', unprivileged('PATCH /u/user', { home_gid: NOWHERE })),
  row(2400, 403, 'the home of root is set', async (scene) =>
    scene.root.call('PATCH /u/user', { home_gid: await makeGroup(scene) }),
  ),
  row(2410, 404, 'there is no such user', root('PATCH /u/user', { uid: NOWHERE, home_gid: 0 })),
  row(2411, 404, 'there is no such group', async (scene) => {
    const { client } = await makeUser(scene, 0, 'velocity.media.create');
    return client.call('PATCH /u/user', { home_gid: NOWHERE });
  }),
  row(3100, 403, 'the permission is missing', unprivileged('POST /u/user/list')),

  row(
    4200,
    403,
    'the permission is missing',
    unprivileged('PUT /u/user/permission', { uid: 0, gid: 0, permission: VIEW }),
  ),
  row(4210, 404, 'there is no such user', root('PUT /u/user/permission', { uid: NOWHERE, gid: 0, permission: VIEW })),
  row(4211, 404, 'there is no such group', root('PUT /u/user/permission', { uid: 0, gid: NOWHERE, permission: VIEW })),
  row(4212, 404, 'there is no such permission', root('PUT /u/user/permission', { uid: 0, gid: 0, permission: 'none' })),
  row(
    4220,
    403,
    'the giver does not hold it',
    privileged('velocity.user.assign', 'PUT /u/user/permission', { permission: VIEW }),
  ),
  row(4300, 403, 'the permission is missing', unprivileged('DELETE /u/user/permission', { uid: 0, gid: 0 })),
  row(4300, 403, 'the user is root', root('DELETE /u/user/permission', { uid: 0, gid: 0, permission: VIEW })),
  row(4300, 403, 'the user is root and no permission is named', root('DELETE /u/user/permission', { uid: 0, gid: 0 })),
  row(
    4300,
    403,
    'the taker does not hold it',
    privileged('velocity.user.revoke', 'DELETE /u/user/permission', { permission: VIEW }),
  ),
  row(
    4310,
    404,
    'there is no such user',
    root('DELETE /u/user/permission', { uid: NOWHERE, gid: 0, permission: VIEW }),
  ),
  row(
    4311,
    404,
    'there is no such group',
    root('DELETE /u/user/permission', { uid: 0, gid: NOWHERE, permission: VIEW }),
  ),
  row(4312, 404, 'there is no such permission', async (scene) => {
    const { uid } = await makeUser(scene);
    return scene.root.call('DELETE /u/user/permission', { uid, gid: 0, permission: 'none' });
  }),
];

/** Errors of `/u/group`. */
export const GROUPS = [
  row(5100, 403, 'the permission is missing', unprivileged('POST /u/group', { gid: 0 })),
  row(5100, 403, 'the error would reveal that the group exists', privileged(VIEW, 'POST /u/group', { gid: NOWHERE })),
  row(5110, 404, 'there is no such group', root('POST /u/group', { gid: NOWHERE })),
  row(
    5200,
    403,
    'the permission is missing',
    unprivileged('PUT /u/group', { name: freshName('group'), parent_gid: 0 }),
  ),
  row(5210, 404, 'there is no such parent', root('PUT /u/group', { name: freshName('group'), parent_gid: NOWHERE })),
  row(5220, 409, 'the name is taken in the parent', async ({ root: client }) => {
    const group = { name: freshName('group'), parent_gid: 0 };
    await client.ask('PUT /u/group', group);
    return client.call('PUT /u/group', group);
  }),
  row(5300, 403, 'the permission is missing', async (scene) => {
    const { client } = await makeUser(scene);
    return client.call('DELETE /u/group', { gid: await makeGroup(scene) });
  }),
  row(
    5300,
    403,
    'it is held on the group and not on its parent',
    privileged('velocity.group.remove', 'DELETE /u/group', {}),
  ),
  row(5300, 403, 'the root group is removed', root('DELETE /u/group', { gid: 0 })),
  row(5310, 404, 'there is no such group', root('DELETE /u/group', { gid: NOWHERE })),
  row(5320, 409, 'an item below the group is protected', async (scene) => {
    const gid = await makeGroup(scene);
    const below = await makeGroup(scene, gid);
    await assign(scene, below);
    await protect(scene, midOf(await scene.root.upload({ group: below, name: freshName('media') }, 'a')));
    return scene.root.call('DELETE /u/group', { gid });
  }),
];
