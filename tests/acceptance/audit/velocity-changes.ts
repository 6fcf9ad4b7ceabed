import { freshName, logIn, type Answer } from '../../support/http/client.ts';
import type { AuditedCall, EventSummary, Change } from './change.ts';
import type { AuditFixture } from './audit-fixture.ts';

const PERMISSION = 'velocity.media.list';
const missing = (brief: EventSummary): EventSummary => ({ ...brief, result: 'permission-missing' });
const idOf = (answer: Answer, field: string): unknown => (answer.body as Record<string, unknown>)[field];

/**
 * A call by root that records `written`, and the same call by a stranger that records
 * `refusedEvent`.
 */
function change(
  route: string,
  fields: (fixture: AuditFixture) => Promise<object>,
  written: (fixture: AuditFixture, fields: never, answer: Answer) => EventSummary,
  refusedEvent: (fixture: AuditFixture, fields: never) => EventSummary,
): Change {
  async function auditedCall(fixture: AuditFixture, who: 'root' | 'stranger'): Promise<AuditedCall> {
    const body = await fields(fixture);
    const client = who === 'root' ? fixture.root : fixture.stranger.client;
    return {
      ask: async () => client.call(route, body),
      written: (answer) => [
        who === 'root' ? written(fixture, body as never, answer) : missing(refusedEvent(fixture, body as never)),
      ],
    };
  }
  return {
    route,
    done: (fixture) => auditedCall(fixture, 'root'),
    refused: (fixture) => auditedCall(fixture, 'stranger'),
  };
}

const freshUser = async ({ root }: AuditFixture): Promise<{ uid: number }> =>
  root
    .ask('PUT /u/user', { name: freshName('user'), password: 'password' })
    .then((made) => ({ uid: (made as { uid: number }).uid }));
const freshGroup = async ({ root, group }: AuditFixture): Promise<{ gid: number }> =>
  root
    .ask('PUT /u/group', { name: freshName('group'), parent_gid: group })
    .then((made) => ({ gid: (made as { gid: number }).gid }));

export const VELOCITY_CHANGES: readonly Change[] = [
  {
    route: 'POST /u/auth',
    done: async ({ root, user }) => ({
      ask: async () => root.call('POST /u/auth', { name: user.name, password: user.name }),
      written: () => [{ action: 'user.login', user: user.uid }],
    }),
    refused: async ({ root, user }) => ({
      ask: async () => root.call('POST /u/auth', { name: user.name, password: 'another' }),
      written: () => [{ action: 'user.login', result: 'wrong-credentials', user: user.uid }],
    }),
  },
  ...(['PATCH', 'DELETE'] as const).map((method): Change => ({
    route: `${method} /u/auth`,
    done: async ({ root, server, user }) => {
      const { authkey } = await logIn(server.url, user.name, user.name);
      const action = method === 'PATCH' ? 'authkey.swap' : 'authkey.drop';
      return {
        ask: async () => root.call(`${method} /u/auth`, { authkey }),
        written: () => [{ action, user: user.uid }],
      };
    },
    refused: null,
  })),
  change(
    'PUT /u/user',
    async () => ({ name: freshName('user'), password: 'password' }),
    (_stage, _fields, answer) => ({ action: 'user.create', user: idOf(answer, 'uid') }),
    () => ({ action: 'user.create' }),
  ),
  change(
    'DELETE /u/user',
    freshUser,
    (_stage, { uid }: { uid: number }) => ({ action: 'user.remove', user: uid }),
    (_stage, { uid }: { uid: number }) => ({ action: 'user.remove', user: uid }),
  ),
  change(
    'PATCH /u/user',
    async (fixture) => {
      const { uid } = await freshUser(fixture);
      await fixture.root.ask('PUT /u/user/permission', {
        uid,
        gid: fixture.group,
        permission: 'velocity.media.create',
      });
      return { uid, home_gid: fixture.group };
    },
    ({ group }, { uid }: { uid: number }) => ({ action: 'user.home', user: uid, group }),
    ({ group }, { uid }: { uid: number }) => ({ action: 'user.home', user: uid, group }),
  ),
  ...(['PUT', 'DELETE'] as const).map((method) => {
    const action = method === 'PUT' ? 'permission.give' : 'permission.take';
    const written = ({ user, group }: AuditFixture): EventSummary => ({ action, user: user.uid, group });
    const fields = async ({ user, group }: AuditFixture): Promise<object> => ({
      uid: user.uid,
      gid: group,
      permission: PERMISSION,
    });
    return change(`${method} /u/user/permission`, fields, written, written);
  }),
  change(
    'PUT /u/group',
    async ({ group }) => ({ name: freshName('group'), parent_gid: group }),
    (_stage, _fields, answer) => ({ action: 'group.create', group: idOf(answer, 'gid') }),
    ({ group }) => ({ action: 'group.create', group }),
  ),
  change(
    'DELETE /u/group',
    freshGroup,
    (_stage, { gid }: { gid: number }) => ({ action: 'group.remove', group: gid }),
    (_stage, { gid }: { gid: number }) => ({ action: 'group.remove', group: gid }),
  ),
  change(
    'PUT /m/pool/assign',
    async (fixture) => ({ ...(await freshGroup(fixture)), mpid: 1, quota: 7, write: true, manage: false }),
    (_stage, { gid }: { gid: number }) => ({ action: 'pool.assign', group: gid, pool: 1 }),
    (_stage, { gid }: { gid: number }) => ({ action: 'pool.assign', group: gid, pool: 1 }),
  ),
  change(
    'DELETE /m/pool/assign',
    async (fixture) => ({ ...(await freshGroup(fixture)), mpid: 1 }),
    (_stage, { gid }: { gid: number }) => ({ action: 'pool.revoke', group: gid, pool: 1 }),
    (_stage, { gid }: { gid: number }) => ({ action: 'pool.revoke', group: gid, pool: 1 }),
  ),
  change(
    'PUT /m/media/create',
    async ({ group }) => ({ gid: group, mpid: 1, name: freshName('media'), size: 4096 }),
    ({ group }, _fields, answer) => ({ action: 'media.create', group, pool: 1, media: idOf(answer, 'mid') }),
    ({ group }) => ({ action: 'media.create', group, pool: 1 }),
  ),
  {
    route: 'PUT /m/media/upload',
    done: async ({ root, group }) => ({
      ask: async () => root.upload({ group, name: freshName('media') }, 'bytes'),
      written: (answer) => [{ action: 'media.upload', group, pool: 1, media: idOf(answer, 'mid') }],
    }),
    refused: async ({ stranger, group }) => ({
      ask: async () => stranger.client.upload({ group, name: freshName('media') }, 'bytes'),
      written: () => [missing({ action: 'media.upload', group, pool: 1 })],
    }),
  },
  change(
    'DELETE /m/media',
    async (fixture) => ({ mid: await fixture.media() }),
    ({ group }, { mid }: { mid: string }) => ({ action: 'media.remove', group, pool: 1, media: mid }),
    ({ group }, { mid }: { mid: string }) => ({ action: 'media.remove', group, pool: 1, media: mid }),
  ),
];

/** Routes that change nothing despite their method. */
export const VELOCITY_READS = [
  'POST /u/user',
  'POST /u/user/list',
  'POST /u/group',
  'POST /u/group/list',
  'POST /m/pool/list',
  'POST /m/media/list',
  'POST /v/vm/list',
  'POST /v/nic/list',
] as const;
