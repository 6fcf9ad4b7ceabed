import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { OPERATIONS, termsOf, type Operation } from '../../../src/adapters/http/native/operations.ts';
import { freshName } from '../../support/http/client.ts';
import { libraryFile, untilReady } from '../cloudsigma/library-files.ts';
import { TusRequests } from '../tus/tus-requests.ts';
import { assign, give, makeGroup, makeUser, midOf, openScene, type Scene } from '../velocity/scene.ts';
import { NativeClient } from './native-client.ts';
import { ROLES, TABLE, type Outcome, type Role } from './matrix-table.ts';

/** A source that accepts connections and never answers: jobs that import from it go on. */
const silent = createServer();

let scene: Scene;
let root: NativeClient;
let stranger: NativeClient;
let member: Awaited<ReturnType<typeof makeUser>>;
const tokens: Partial<Record<Role, NativeClient>> = {};
beforeAll(async () => {
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  scene = await openScene({
    env: {
      PLATTER_LIBRARY_FILE: await libraryFile([{ name: 'Harbour', os: 'linux', arch: '64' }]),
      PLATTER_IMPORT_NETWORKS: '127.0.0.1/32',
      PLATTER_IMPORT_PORTS: new URL(source()).port,
    },
  });
  await untilReady(scene.platter);
  root = NativeClient.by(scene.root);
  stranger = NativeClient.by((await makeUser(scene)).client);
  member = await makeUser(scene);
  for (const scope of ['read', 'write', 'admin'] as const) {
    const { token } = await root.ask<{ token: string }>('POST /tokens', { name: scope, scope });
    tokens[scope] = NativeClient.withBearer(scene.platter.url, token);
  }
});

afterAll(() => {
  silent.close();
});

function source(): string {
  return `http://127.0.0.1:${(silent.address() as AddressInfo).port}/x.img`;
}

/** A group with a pool, below another one, and a client for each role. */
interface Target {
  readonly group: number;
  readonly client: NativeClient;
}

async function targetOf(role: Role, operation: Operation, rights: readonly string[]): Promise<Target> {
  const parent = await makeGroup(scene);
  const group = await makeGroup(scene, parent);
  await assign(scene, group);
  if (role === 'anonymous') return { group, client: new NativeClient(scene.platter.url) };
  if (role === 'root') return { group, client: root };
  const token = tokens[role];
  if (token !== undefined) return { group, client: token };
  // Changes of a group need the permission on its parent.
  const where = /^(?:PATCH|DELETE) \/groups\/\{group\}$/.test(operation) ? parent : group;
  if (role === 'stranger' || rights.length === 0) return { group, client: stranger };
  if (role === 'holder') return { group, client: NativeClient.by((await makeUser(scene, where, ...rights)).client) };
  await give(scene, member.uid, where, 'velocity.nic.list');
  return { group, client: NativeClient.by(member.client) };
}

/** Creates what the path names, and returns the call. */
async function callOf(operation: Operation, group: number): Promise<{ readonly call: string; readonly body?: object }> {
  let call: string = operation;
  const fill = async (name: string, value: () => Promise<string>): Promise<void> => {
    if (call.includes(`{${name}}`)) call = call.replace(`{${name}}`, await value());
  };
  await fill('group', async () => Promise.resolve(String(group)));
  await fill('pool', async () => Promise.resolve('1'));
  await fill('permission', async () => Promise.resolve('velocity.media.create'));
  await fill('user', async () => String(await userIn(group)));
  await fill('token', async () => (await root.ask<{ id: string }>('POST /tokens', { name: 'x', scope: 'read' })).id);
  await fill('media', async () => mediaFor(operation, group));
  await fill('link', async () => linkOf(call.split('/')[2]!));
  await fill('upload', async () => uploadIn(group));
  await fill('job', async () => jobIn(group));
  const body = await bodyOf(operation, group);
  return body === undefined ? { call } : { call, body };
}

async function userIn(group: number): Promise<number> {
  const { uid } = await makeUser(scene, group, 'velocity.media.create');
  await give(scene, uid, 0, 'velocity.media.create');
  return uid;
}

async function mediaFor(operation: Operation, group: number): Promise<string> {
  if (operation.includes(' /library/'))
    return (await root.ask<{ items: [{ id: string }] }>('GET /library')).items[0].id;
  const media = midOf(await scene.root.upload({ group, name: freshName('item') }, 'bytes'));
  if (operation.includes(' /trash/')) await root.ask(`DELETE /media/${media}`);
  return media;
}

async function linkOf(media: string): Promise<string> {
  const { id } = await root.ask<{ id: string }>(`POST /media/${media}/links`, { expires_in: 3600 });
  return id;
}

async function uploadIn(group: number): Promise<string> {
  const location = await TusRequests.by(scene.root).created(5, { filename: freshName('upload'), group: String(group) });
  return location.split('/').at(-1)!;
}

async function jobIn(group: number): Promise<string> {
  return (await root.ask<{ id: string }>('POST /imports', { url: source(), name: freshName('import'), group })).id;
}

async function bodyOf(operation: Operation, group: number): Promise<object | undefined> {
  switch (operation) {
    case 'POST /session':
      return { name: freshName('ghost'), password: 'wrong' };
    case 'POST /tokens':
      return { name: 'x', scope: 'read' };
    case 'POST /users':
      return { name: freshName('user'), password: 'x' };
    case 'PUT /users/me/password':
      return { current: 'wrong', password: 'x' };
    case 'PATCH /users/{user}':
      return { home: group };
    case 'POST /groups':
      return { name: freshName('group'), parent: group };
    case 'PATCH /groups/{group}':
      return { name: freshName('group') };
    case 'POST /groups/{group}/grants':
      return { user: (await makeUser(scene)).uid, permission: 'velocity.media.list' };
    case 'PUT /groups/{group}/assignments/{pool}':
      return { write: true, manage: true };
    case 'POST /media/{media}/links':
      return { expires_in: 3600 };
    case 'PATCH /media/{media}':
      return { name: freshName('item') };
    case 'POST /media/{media}/clone':
    case 'POST /library/{media}/clone':
      return { name: freshName('clone'), group };
    case 'POST /imports':
      return { url: 'http://127.0.0.1/x.img', name: freshName('import'), group };
    case 'POST /media':
    case 'POST /media/check':
      return { name: freshName('disk'), group, pool: 1, type: 'DISK', size: 1 };
    default:
      return undefined;
  }
}

describe('The permission matrix of /v1', () => {
  it('has each call, and no other', () => {
    expect(Object.keys(TABLE).sort()).toEqual(Object.keys(OPERATIONS).sort());
  });

  it.each(Object.entries(TABLE))('%s', async (operation, { rights, outcomes }) => {
    const found: Outcome[] = [];
    for (const role of ROLES) {
      const { group, client } = await targetOf(role, operation as Operation, rights);
      const { call, body } = await callOf(operation as Operation, group);
      const { status } = await client.call(call, body);
      found.push(status < 300 ? 'ok' : status);
      // Jobs and uploads that go on end with the test.
      if (/\/(?:uploads|jobs)\/\{/.test(operation)) await root.call(call.replace('GET ', 'DELETE '));
    }
    expect(found).toEqual(outcomes);
  });

  it('refuses every change to a token that only reads', () => {
    const changing = (Object.keys(OPERATIONS) as Operation[]).filter((name) => termsOf(name).action !== null);
    expect(changing.filter((name) => termsOf(name).scope === 'read')).toEqual([]);
  });
});
