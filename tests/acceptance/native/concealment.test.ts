import { randomUUID } from 'node:crypto';
import { OPERATIONS } from '../../../src/adapters/http/native/operations.ts';
import { freshName, type Answer } from '../../support/http/client.ts';
import { TusRequests } from '../tus/tus-requests.ts';
import { assign, makeGroup, makeUser, midOf, openScene, type Scene } from '../velocity/scene.ts';
import { NativeClient } from './native-client.ts';

/** One id of each kind. */
interface Ids {
  readonly group: number;
  readonly user: number;
  readonly media: string;
  readonly trashed: string;
  readonly link: string;
  readonly upload: string;
  readonly job: string;
  readonly token: string;
}

/** A call in which ids of others stand beside the caller's own. */
interface Probe {
  readonly call: string;
  readonly body?: object;
}

const GHOSTS: Ids = {
  group: 999_000_001,
  user: 999_000_002,
  media: randomUUID(),
  trashed: randomUUID(),
  link: randomUUID(),
  upload: randomUUID(),
  job: randomUUID(),
  token: randomUUID(),
};

const PERMISSIONS = [
  'velocity.pool.list',
  'velocity.pool.assign',
  'velocity.pool.revoke',
  'velocity.media.list',
  'velocity.media.create',
  'velocity.media.remove',
  'velocity.group.create',
  'velocity.group.remove',
  'velocity.group.view',
  'velocity.user.assign',
  'velocity.user.revoke',
] as const;

let scene: Scene;
let root: NativeClient;
let theirs: Ids;
let own: Ids;
const callers: Record<string, NativeClient> = {};
beforeAll(async () => {
  scene = await openScene();
  root = NativeClient.by(scene.root);
  const [other, owner] = [await tenant(), await tenant()];
  theirs = other.ids;
  own = owner.ids;
  callers.owner = owner.client;
  callers.stranger = NativeClient.by((await makeUser(scene)).client);
});

/** A group below the root group with one object of each kind, and the user who created them. */
async function tenant(): Promise<{ readonly ids: Ids; readonly client: NativeClient }> {
  const group = await makeGroup(scene);
  await assign(scene, group);
  const boss = await makeUser(scene, group, ...PERMISSIONS);
  const client = NativeClient.by(boss.client);
  const { uid: user } = await makeUser(scene, group, 'velocity.media.create');
  const upload = async (): Promise<string> =>
    midOf(await boss.client.upload({ group, name: freshName('item') }, 'bytes'));
  const [media, trashed] = [await upload(), await upload()];
  await client.ask(`DELETE /media/${trashed}`);
  const { id: link } = await client.ask<{ id: string }>(`POST /media/${media}/links`, { expires_in: 3600 });
  const { id: job } = await client.ask<{ id: string }>(`POST /media/${media}/clone`, { name: freshName('clone') });
  const { id: token } = await client.ask<{ id: string }>('POST /tokens', { name: 'token', scope: 'read' });
  const metadata = { filename: freshName('upload'), group: String(group) };
  const location = await TusRequests.by(boss.client).created(5, metadata);
  return { ids: { group, user, media, trashed, link, job, token, upload: location.split('/').at(-1)! }, client };
}

/** Bodies of calls whose ids are all in the path. */
const BODIES: Readonly<Record<string, object>> = {
  'PATCH /users/{user}': { home: 0 },
  'PATCH /groups/{group}': { name: 'renamed' },
  'POST /groups/{group}/grants': { user: 0, permission: 'velocity.media.list' },
  'PUT /groups/{group}/assignments/{pool}': { write: true, manage: true },
  'PATCH /media/{media}': { name: 'renamed' },
  'POST /media/{media}/links': { expires_in: 3600 },
  'POST /media/{media}/clone': { name: 'clone' },
  'POST /library/{media}/clone': { name: 'clone' },
};

/**
 * Calls of an operation with the ids of `others` at one place of the path, and behind it; before it
 * stand ids of the caller.
 */
function pathProbes(operation: string, others: Ids): readonly Probe[] {
  const names = [...operation.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  return names
    .filter((name) => name in others)
    .map((_name, at) => {
      let position = -1;
      const call = operation.replace(/\{(\w+)\}/g, (_whole, name: string) => {
        position += 1;
        return valueOf(name, operation, position < at ? own : others);
      });
      return { call, ...(operation in BODIES ? { body: BODIES[operation]! } : {}) };
    });
}

function valueOf(name: string, operation: string, ids: Ids): string {
  if (name === 'pool') return '1';
  if (name === 'permission') return 'velocity.media.list';
  if (name === 'media' && operation.includes(' /trash/')) return ids.trashed;
  return String(ids[name as keyof Ids]);
}

/**
 * Calls with ids of others in a body or a query. Grants are not among them: one gives any user,
 * also of another tenant, a permission by its id.
 */
function fieldProbes({ group, user, media }: Ids): readonly Probe[] {
  const order = { name: 'new', pool: 1, type: 'DISK', size: 1 };
  return [
    { call: 'POST /tokens', body: { name: 'x', scope: 'read', groups: [group], expires_at: '2020-01-01T00:00:00Z' } },
    { call: 'PATCH /users/me', body: { home: group } },
    { call: 'POST /groups', body: { name: 'new', parent: group } },
    { call: 'POST /media', body: { ...order, group } },
    { call: 'POST /media/check', body: { ...order, group } },
    { call: `PATCH /media/${own.media}`, body: { group } },
    { call: `POST /media/${own.media}/clone`, body: { name: 'new', group } },
    { call: `GET /groups?parent=${group}` },
    { call: `GET /media?group=${group}` },
    { call: `GET /media?group=${group}&subtree=true&total=true` },
    { call: `GET /trash?group=${group}` },
    { call: `DELETE /trash?group=${group}&subtree=true` },
    { call: `GET /audit?group=${group}` },
    { call: `GET /audit?user=${user}` },
    { call: `GET /audit?media=${media}` },
  ];
}

/** Returns the status and the body of an answer without the ids that were sent. */
function shapeOf({ status, text }: Answer, ids: Ids): readonly [status: number, text: string] {
  const values = Object.values(ids).map(String);
  const shape = values.reduce(
    (rest, id) => rest.replace(new RegExp(`(?<![\\w.-])${id}(?![\\w.-])`, 'g'), '<id>'),
    text,
  );
  return [
    status,
    shape
      .replace(/"(request_id|id)":"[^"]*"/g, '"$1":"<uuid>"')
      .replace(/"request":"[^"]*"/g, '"request":"<uuid>"')
      .replace(/"(created_at|at)":"[^"]*"/g, '"$1":"<time>"')
      .replace(/plt_[\w-]+/, '<token>'),
  ];
}

async function expectSame(caller: NativeClient, probeOf: (others: Ids) => Probe): Promise<void> {
  const [foreign, absent] = [probeOf(theirs), probeOf(GHOSTS)];
  const answer = await caller.call(foreign.call, foreign.body);
  expect([foreign.call, ...shapeOf(answer, theirs)]).toEqual([
    foreign.call,
    ...shapeOf(await caller.call(absent.call, absent.body), GHOSTS),
  ]);
}

const WITH_IDS = Object.keys(OPERATIONS).filter((operation) => /\{(?!pool|permission)/.test(operation));

describe('An object of another tenant', () => {
  // An open upload keeps the program from stopping.
  afterAll(async () => {
    for (const { upload } of [own, theirs]) await root.ask(`DELETE /uploads/${upload}`);
  });

  describe.each([
    ['the owner of another group', 'owner'],
    ['a user without rights', 'stranger'],
  ])('to %s', (_caller, who) => {
    it.each(WITH_IDS)('is like none, in the path of %s', async (operation) => {
      const { length } = pathProbes(operation, GHOSTS);
      for (let at = 0; at < length; at += 1) {
        await expectSame(callers[who]!, (others) => pathProbes(operation, others)[at]!);
      }
    });

    it('is like none, in a body or a query', async () => {
      const { length } = fieldProbes(GHOSTS);
      for (let at = 0; at < length; at += 1) await expectSame(callers[who]!, (others) => fieldProbes(others)[at]!);
    });
  });
});
