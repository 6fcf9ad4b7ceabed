import { freshName, type Client } from '../../support/http/client.ts';
import { Cloud } from '../cloudsigma/cloud.ts';
import { at, makeServer } from '../cloudsigma/server-fixtures.ts';
import { row, type AnyAnswer, type Provoke } from './provocation.ts';
import {
  give,
  makeAssignedGroup,
  makeGroup,
  makeUser,
  midOf,
  NO_MEDIA,
  NOWHERE,
  protect,
  type Scene,
  type Terms,
} from './scene.ts';

const RIGHTS = { quota: 0, write: true, manage: true };

/** Calls as root. */
function root(operation: string, fields?: unknown): Provoke {
  return async (scene) => scene.root.call(operation, fields);
}

/** Calls as a user who holds this permission, but on a group beside the one in question. */
function privilegedElsewhere(permission: string, operation: string, fields: object): Provoke {
  return async (scene) => {
    const { client } = await makeUser(scene, await makeGroup(scene), permission);
    return client.call(operation, { gid: await makeAssignedGroup(scene), ...fields });
  };
}

/** Creates an item as root in a new group with this assignment. */
function create(terms: Terms | null, fields: object = {}): Provoke {
  return async (scene) => {
    const gid = terms === null ? await makeGroup(scene) : await makeAssignedGroup(scene, terms);
    return scene.root.call('PUT /m/media/create', { gid, mpid: 1, name: freshName('media'), size: 1, ...fields });
  };
}

/** Errors of `/m/pool`. */
export const POOLS = [
  row(
    6200,
    403,
    'the permission is held elsewhere',
    privilegedElsewhere('velocity.pool.assign', 'PUT /m/pool/assign', { mpid: 1, ...RIGHTS }),
  ),
  row(6200, 403, 'root would lose write', root('PUT /m/pool/assign', { gid: 0, mpid: 1, ...RIGHTS, write: false })),
  row(6200, 403, 'root would lose manage', root('PUT /m/pool/assign', { gid: 0, mpid: 1, ...RIGHTS, manage: false })),
  row(6210, 404, 'there is no such group', root('PUT /m/pool/assign', { gid: NOWHERE, mpid: 1, ...RIGHTS })),
  row(6211, 404, 'there is no such pool', root('PUT /m/pool/assign', { gid: 0, mpid: NOWHERE, ...RIGHTS })),
  row(
    6300,
    403,
    'the permission is held elsewhere',
    privilegedElsewhere('velocity.pool.revoke', 'DELETE /m/pool/assign', { mpid: 1 }),
  ),
  row(6300, 403, 'the rights are those of the root', root('DELETE /m/pool/assign', { gid: 0, mpid: 1 })),
  row(6310, 404, 'there is no such group', root('DELETE /m/pool/assign', { gid: NOWHERE, mpid: 1 })),
  row(6311, 404, 'there is no such pool', root('DELETE /m/pool/assign', { gid: 0, mpid: NOWHERE })),
  row(
    7100,
    403,
    'the permission is held elsewhere',
    privilegedElsewhere('velocity.pool.list', 'POST /m/pool/list', {}),
  ),
  row(7110, 404, 'there is no such group', root('POST /m/pool/list', { gid: NOWHERE })),
];

/** Reads the bytes of a new item as root, or as `client`. */
async function download(
  { root: owner }: Scene,
  client: Client,
  headers: Readonly<Record<string, string>> = {},
): Promise<AnyAnswer> {
  const made = await owner.upload({ group: 0, name: freshName('media') }, 'ten bytes.');
  return client.read(midOf(made), headers);
}

/** Errors of `/m/media/{mid}/content`. */
export const CONTENT = [
  row(20100, 403, 'another permission is held on the group', async (scene) => {
    const { client } = await makeUser(scene, 0, 'velocity.media.create');
    return download(scene, client);
  }),
  row(20110, 404, 'the permission is held elsewhere', async (scene) => {
    const { client } = await makeUser(scene, await makeGroup(scene), 'velocity.media.list');
    return download(scene, client);
  }),
  row(20110, 404, 'the error would reveal that the item exists', async (scene) => {
    const { client } = await makeUser(scene);
    return client.read(NO_MEDIA);
  }),
  row(20110, 404, 'there is no such item', async ({ root: client }) => client.read(NO_MEDIA)),
  row(20110, 404, 'the id is not a UUID', async ({ root: client }) => client.read('none')),
  row(20120, 416, 'the range has none of the bytes', async (scene) =>
    download(scene, scene.root, { range: 'bytes=10-' }),
  ),
  row(20121, 412, 'If-Match names other bytes', async (scene) =>
    download(scene, scene.root, { 'if-match': '"other"', range: 'bytes=10-' }),
  ),
];

/** Errors of `/m/media/create`, `/m/media` and `/m/media/list`. */
export const MEDIA = [
  row(
    8200,
    403,
    'the permission is held elsewhere',
    privilegedElsewhere('velocity.media.create', 'PUT /m/media/create', { mpid: 1, name: freshName('media'), size: 1 }),
  ),
  row(8201, 403, 'the group may only write', create({ manage: false })),
  row(8201, 403, 'the group was not assigned', create(null)),
  row(8210, 404, 'there is no such group', create({}, { gid: NOWHERE })),
  row(8211, 404, 'there is no such pool', create({}, { mpid: NOWHERE })),
  row(8220, 409, 'another group has the name', async (scene) => {
    const order = { mpid: 1, name: freshName('media'), size: 1 };
    await scene.root.ask('PUT /m/media/create', { gid: 0, ...order });
    return scene.root.call('PUT /m/media/create', { gid: await makeAssignedGroup(scene), ...order });
  }),
  row(8221, 406, 'it is one byte over the quota', create({ quota: 9 }, { size: 10 })),
  row(8221, 406, 'the size is the largest number', create({}, { size: Number.MAX_SAFE_INTEGER })),

  row(9300, 403, 'the permission is held elsewhere', async (scene) => {
    const { client } = await makeUser(scene, await makeGroup(scene), 'velocity.media.remove');
    const gid = await makeAssignedGroup(scene);
    const made = await scene.root.upload({ group: gid, name: freshName('media') }, 'a');
    return client.call('DELETE /m/media', { mid: midOf(made) });
  }),
  row(9300, 403, 'the error would reveal that the item exists', async (scene) => {
    const { client } = await makeUser(scene, await makeGroup(scene), 'velocity.media.remove');
    return client.call('DELETE /m/media', { mid: NO_MEDIA });
  }),
  row(9301, 403, 'the group may no longer manage', async (scene) => {
    const gid = await makeAssignedGroup(scene);
    const made = await scene.root.upload({ group: gid, name: freshName('media') }, 'a');
    await scene.root.ask('PUT /m/pool/assign', { gid, mpid: 1, ...RIGHTS, manage: false });
    return scene.root.call('DELETE /m/media', { mid: midOf(made) });
  }),
  row(9310, 404, 'there is no such item', root('DELETE /m/media', { mid: NO_MEDIA })),
  row(9310, 404, 'the id is not a UUID', root('DELETE /m/media', { mid: 'none' })),
  row(9310, 404, 'the item is already removed', async ({ root: client }) => {
    const made = await client.upload({ group: 0, name: freshName('media') }, 'a');
    await client.ask('DELETE /m/media', { mid: midOf(made) });
    return client.call('DELETE /m/media', { mid: midOf(made) });
  }),
  row(9320, 409, 'a server has the item', async (scene) => {
    const gid = await makeAssignedGroup(scene);
    const { name, client } = await makeUser(scene, gid, 'velocity.media.list', 'velocity.media.create');
    const mid = midOf(await client.upload({ group: gid, name: freshName('media') }, 'a'));
    await makeServer(new Cloud(scene.platter.url, name, name), [at(mid)]);
    return scene.root.call('DELETE /m/media', { mid });
  }),
  row(9321, 409, 'the item is protected', async (scene) => {
    const mid = midOf(await scene.root.upload({ group: 0, name: freshName('media') }, 'a'));
    await protect(scene, mid);
    return scene.root.call('DELETE /m/media', { mid });
  }),
  row(
    10100,
    403,
    'the permission is held elsewhere',
    privilegedElsewhere('velocity.media.list', 'POST /m/media/list', {}),
  ),
  row(10100, 403, 'it is held on a group below, and another one on the group', async (scene) => {
    const parent = await makeGroup(scene);
    const { uid, client } = await makeUser(scene, parent, 'velocity.group.view');
    await give(scene, uid, await makeGroup(scene, parent), 'velocity.media.list');
    return client.call('POST /m/media/list', { gid: parent });
  }),
  row(10110, 404, 'there is no such group', root('POST /m/media/list', { gid: NOWHERE })),
];
