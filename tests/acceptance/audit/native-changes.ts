import { freshName, type Answer } from '../../support/http/client.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { browserOf, NativeClient } from '../native/native-client.ts';
import { TusRequests } from '../tus/tus-requests.ts';
import type { AuditFixture } from './audit-fixture.ts';
import type { AuditedCall, Change, EventSummary } from './change.ts';

const PERMISSION = 'velocity.media.list';
const HOUR = { expires_in: 3600 };

/** A call with its event: without the id of what it creates, which `created` names. */
interface Call {
  /** As `NativeClient.call` takes it. */
  readonly operation: string;
  readonly body?: object;
  readonly event: EventSummary;
  /** The subject that the call creates, and the field of the answer with its id. */
  readonly created?: { readonly subject: keyof EventSummary; readonly field: string };
}

const rootOf = ({ root }: AuditFixture): NativeClient => NativeClient.by(root);
const strangerOf = ({ stranger }: AuditFixture): NativeClient => NativeClient.by(stranger.client);
const idIn = ({ body }: Answer, field: string): unknown => (body as Record<string, unknown>)[field];

/**
 * A call by root that records its event, and the same call by a stranger that fails with `result`.
 * `refused` has the subjects that the refusal names, if they are others than those of the event.
 */
function change(
  route: string,
  callOf: (fixture: AuditFixture) => Promise<Call>,
  result: string,
  refused?: (fixture: AuditFixture, call: Call) => Partial<EventSummary>,
): Change {
  return {
    route,
    done: async (fixture) => {
      const { operation, body, event, created } = await callOf(fixture);
      return {
        ask: async () => rootOf(fixture).call(operation, body),
        written: (answer) => [
          created === undefined ? event : { ...event, [created.subject]: idIn(answer, created.field) },
        ],
      };
    },
    refused: async (fixture) => {
      const call = await callOf(fixture);
      const { action } = call.event;
      const subjects = refused === undefined ? call.event : refused(fixture, call);
      return {
        ask: async () => strangerOf(fixture).call(call.operation, call.body),
        written: () => [{ ...subjects, action, result }],
      };
    },
  };
}

/** A change of an item in the group, which a stranger does not see. */
function ofItem(
  route: string,
  action: string,
  body?: (fixture: AuditFixture) => object,
  prepare: (fixture: AuditFixture, media: string) => Promise<string> = async (_fixture, media) =>
    Promise.resolve(media),
): Change {
  return change(
    route,
    async (fixture) => {
      const media = await fixture.media();
      const operation = route.replace('{media}', media).replace('{link}', await prepare(fixture, media));
      const event = { action, group: fixture.group, pool: 1, media };
      return { operation, ...(body === undefined ? {} : { body: body(fixture) }), event };
    },
    'media-not-found',
  );
}

const trash = async (fixture: AuditFixture, media: string): Promise<string> => {
  await rootOf(fixture).ask(`DELETE /media/${media}`);
  return media;
};
const link = async (fixture: AuditFixture, media: string): Promise<string> =>
  (await rootOf(fixture).ask<{ id: string }>(`POST /media/${media}/links`, HOUR)).id;
const freshUser = async (fixture: AuditFixture): Promise<number> =>
  (await rootOf(fixture).ask<{ id: number }>('POST /users', { name: freshName('user'), password: 'password' })).id;
const freshGroup = async (fixture: AuditFixture): Promise<number> => {
  const order = { name: freshName('group'), parent: fixture.group };
  return (await rootOf(fixture).ask<{ id: number }>('POST /groups', order)).id;
};

const ofAccess: readonly Change[] = [
  {
    route: 'POST /session',
    done: async ({ server }) => ({
      ask: async () => new NativeClient(server.url).call('POST /session', { name: 'root', password: ROOT_PASSWORD }),
      written: () => [{ action: 'user.login', user: 0 }],
    }),
    refused: async ({ server, user }) => ({
      ask: async () => new NativeClient(server.url).call('POST /session', { name: user.name, password: 'another' }),
      written: () => [{ action: 'user.login', result: 'wrong-credentials', user: user.uid }],
    }),
  },
  {
    route: 'DELETE /session',
    done: async ({ server }): Promise<AuditedCall> => {
      const browser = await browserOf(server.url, 'root', ROOT_PASSWORD);
      return {
        ask: async () => browser.call('DELETE /session'),
        written: () => [{ action: 'session.end', user: 0 }],
      };
    },
    refused: null,
  },
  {
    route: 'POST /tokens',
    done: async (fixture) => ({
      ask: async () => rootOf(fixture).call('POST /tokens', { name: 'token', scope: 'read' }),
      written: () => [{ action: 'token.create', user: 0 }],
    }),
    refused: async (fixture): Promise<AuditedCall> => {
      const made = await strangerOf(fixture).ask<{ token: string }>('POST /tokens', { name: 'token', scope: 'admin' });
      const token = NativeClient.withBearer(fixture.server.url, made.token);
      return {
        ask: async () => token.call('POST /tokens', { name: 'another', scope: 'read' }),
        written: () => [{ action: 'token.create', result: 'scope-missing' }],
      };
    },
  },
  change(
    'DELETE /tokens/{token}',
    async (fixture) => {
      const { id } = await rootOf(fixture).ask<{ id: string }>('POST /tokens', { name: 'token', scope: 'read' });
      return { operation: `DELETE /tokens/${id}`, event: { action: 'token.remove', user: 0 } };
    },
    'token-not-found',
    () => ({}),
  ),
  change(
    'POST /users',
    async () => ({
      operation: 'POST /users',
      body: { name: freshName('user'), password: 'password' },
      event: { action: 'user.create' },
      created: { subject: 'user', field: 'id' },
    }),
    'permission-missing',
  ),
  {
    route: 'PUT /users/me/password',
    done: async ({ server, user: { uid, name } }) => ({
      ask: async () =>
        NativeClient.withPassword(server.url, name, name).call('PUT /users/me/password', {
          current: name,
          password: name,
        }),
      written: () => [{ action: 'user.password', user: uid }],
    }),
    refused: async (fixture) => ({
      ask: async () => strangerOf(fixture).call('PUT /users/me/password', { current: 'wrong', password: 'x' }),
      written: () => [{ action: 'user.password', result: 'wrong-credentials' }],
    }),
  },
  change(
    'PATCH /users/{user}',
    async (fixture) => {
      const { group } = fixture;
      const user = await freshUser(fixture);
      const grant = { user, permission: 'velocity.media.create' };
      await rootOf(fixture).ask(`POST /groups/${group}/grants`, grant);
      return { operation: `PATCH /users/${user}`, body: { home: group }, event: { action: 'user.home', user, group } };
    },
    'user-not-found',
  ),
  change(
    'DELETE /users/{user}',
    async (fixture) => {
      const user = await freshUser(fixture);
      return { operation: `DELETE /users/${user}`, event: { action: 'user.remove', user } };
    },
    'user-not-found',
  ),
  change(
    'POST /groups',
    async ({ group }) => ({
      operation: 'POST /groups',
      body: { name: freshName('group'), parent: group },
      event: { action: 'group.create', group },
      created: { subject: 'group', field: 'id' },
    }),
    'group-not-found',
  ),
  ...(['PATCH', 'DELETE'] as const).map((method) =>
    change(
      `${method} /groups/{group}`,
      async (fixture) => {
        const group = await freshGroup(fixture);
        const operation = `${method} /groups/${group}`;
        if (method === 'DELETE') return { operation, event: { action: 'group.remove', group } };
        return { operation, body: { name: freshName('group') }, event: { action: 'group.edit', group } };
      },
      'group-not-found',
    ),
  ),
  change(
    'POST /groups/{group}/grants',
    async ({ group, user: { uid: user } }) => ({
      operation: `POST /groups/${group}/grants`,
      body: { user, permission: PERMISSION },
      event: { action: 'permission.give', user, group },
    }),
    'group-not-found',
  ),
  ...(['members/{user}', 'grants/{user}/{permission}'] as const).map((path) =>
    change(
      `DELETE /groups/{group}/${path}`,
      async (fixture) => {
        const { group, user } = fixture;
        await rootOf(fixture).ask(`POST /groups/${group}/grants`, { user: user.uid, permission: PERMISSION });
        const filled = path.replace('{user}', String(user.uid)).replace('{permission}', PERMISSION);
        const event = { action: 'permission.take', user: user.uid, group };
        return { operation: `DELETE /groups/${group}/${filled}`, event };
      },
      'group-not-found',
    ),
  ),
  ...(['PUT', 'DELETE'] as const).map((method) =>
    change(
      `${method} /groups/{group}/assignments/{pool}`,
      async (fixture) => {
        const group = await freshGroup(fixture);
        const operation = `${method} /groups/${group}/assignments/1`;
        if (method === 'DELETE') return { operation, event: { action: 'pool.revoke', group, pool: 1 } };
        return { operation, body: { write: true, manage: true }, event: { action: 'pool.assign', group, pool: 1 } };
      },
      'group-not-found',
    ),
  ),
];

const ofMedia: readonly Change[] = [
  change(
    'POST /media',
    async ({ group }) => ({
      operation: 'POST /media',
      body: { name: freshName('disk'), group, pool: 1, type: 'DISK', size: 4096 },
      event: { action: 'media.create', group, pool: 1 },
      created: { subject: 'media', field: 'id' },
    }),
    'group-not-found',
  ),
  change(
    'POST /imports',
    async ({ group }) => ({
      operation: 'POST /imports',
      body: { url: 'http://127.0.0.1/x.img', name: freshName('import'), group, pool: 1 },
      event: { action: 'media.import', group, pool: 1 },
      created: { subject: 'media', field: 'media' },
    }),
    'group-not-found',
  ),
  ofItem('PATCH /media/{media}', 'media.edit', () => ({ name: freshName('renamed') })),
  ofItem('DELETE /media/{media}', 'media.trash'),
  ofItem('POST /media/{media}/links', 'link.create', () => HOUR),
  ofItem('DELETE /media/{media}/links/{link}', 'link.revoke', undefined, link),
  ofItem('DELETE /trash/{media}', 'media.remove', undefined, trash),
  ofItem('POST /trash/{media}/restore', 'media.restore', () => ({}), trash),
  {
    route: 'DELETE /trash',
    done: async (fixture): Promise<AuditedCall> => {
      const group = await freshGroup(fixture);
      await rootOf(fixture).ask(`PUT /groups/${group}/assignments/1`, { write: true, manage: true });
      const order = { group, pool: 1, type: 'DISK', size: 1 };
      const make = async (): Promise<string> => {
        const { id } = await rootOf(fixture).ask<{ id: string }>('POST /media', { ...order, name: freshName('disk') });
        return trash(fixture, id);
      };
      const items = [await make(), await make()];
      return {
        ask: async () => rootOf(fixture).call(`DELETE /trash?group=${group}`),
        written: () => items.map((media) => ({ action: 'media.remove', group, pool: 1, media })),
      };
    },
    // Deletes what the caller may delete: of a stranger nothing.
    refused: null,
  },
  change(
    'POST /media/{media}/clone',
    async (fixture) => ({
      operation: `POST /media/${await fixture.media()}/clone`,
      body: { name: freshName('clone') },
      event: { action: 'media.clone', group: fixture.group, pool: 1 },
      created: { subject: 'media', field: 'media' },
    }),
    'media-not-found',
    ({ group }, { operation }) => ({ group, pool: 1, media: operation.split('/')[2] }),
  ),
  change(
    'POST /library/{media}/clone',
    async (fixture) => ({
      operation: `POST /library/${await fixture.published()}/clone`,
      body: { name: freshName('clone'), group: fixture.group },
      event: { action: 'media.clone', group: fixture.group, pool: 1 },
      created: { subject: 'media', field: 'media' },
    }),
    'group-not-found',
    ({ group }, { operation }) => ({ group, pool: 1, media: operation.split('/')[2] }),
  ),
  change(
    'DELETE /jobs/{job}',
    async (fixture) => {
      const { group } = fixture;
      const media = await fixture.media();
      const clone = { name: freshName('clone') };
      const job = await rootOf(fixture).ask<{ id: string; media: string }>(`POST /media/${media}/clone`, clone);
      const event = { action: 'job.cancel', group, pool: 1, media: job.media };
      return { operation: `DELETE /jobs/${job.id}`, event };
    },
    'job-not-found',
    () => ({}),
  ),
  change(
    'DELETE /uploads/{upload}',
    async ({ root, group }) => {
      const metadata = { filename: freshName('upload'), group: String(group) };
      const media = (await TusRequests.by(root).created(5, metadata)).split('/').at(-1)!;
      return { operation: `DELETE /uploads/${media}`, event: { action: 'upload.abort', group, pool: 1, media } };
    },
    'unknown-upload',
  ),
];

export const NATIVE_CHANGES: readonly Change[] = [...ofAccess, ...ofMedia];

/** Routes that change nothing despite their method. */
export const NATIVE_READS = ['POST /media/check'] as const;
