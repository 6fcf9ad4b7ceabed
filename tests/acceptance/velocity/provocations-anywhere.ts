import { Client, freshName, logIn, send } from '../../support/http/client.ts';
import { createTestDatabase, rowsOf } from '../../support/database/test-database.ts';
import { RawConnection } from '../../support/http/raw-http.ts';
import { startPlatter } from '../../support/program/platter.ts';
import { beginUpload } from './raw-upload.ts';
import { openDatabaseProxy } from './database-proxy.ts';
import { row, type AnyAnswer } from './provocation.ts';
import {
  expiredKeyOf,
  makeGroup,
  makeUser,
  midOf,
  openScene,
  type Scene,
  untilAdmitted,
  untilNothingIsLeft,
} from './scene.ts';
import { canMount, withSmall } from './small-filesystem.ts';

/** The number of failed logins that are refused (docs/velocity.md#logging-in). */
const TOO_MANY = 20;
const DEEPEST = 32;

/** Errors that are the same on every call. */
export const ANYWHERE = [
  row(100, 401, 'no authkey is sent', async ({ platter }) => post(platter.url, '/u/group/list')),
  row(100, 401, 'the authkey is unknown', async ({ platter }) => new Client(platter.url, 'none').call('POST /u/user')),
  row(100, 401, 'the authkey has expired', async (scene) =>
    new Client(scene.platter.url, await expiredKeyOf(scene)).call('POST /u/user'),
  ),
  row(101, 429, 'logins failed too often', tooManyLogins),

  row(110, 400, 'the body is not JSON', async ({ platter }) => post(platter.url, '/u/auth', '{')),
  row(110, 400, 'the body is not an object', async ({ root }) => root.call('POST /u/group', [1])),
  row(110, 400, 'a field is missing', async ({ root }) => root.call('PUT /u/group', { name: 'a' })),
  row(110, 400, 'a field has another type', async ({ root }) => root.call('PUT /u/user', { name: 1, password: 'a' })),
  row(110, 400, 'a number is negative', async ({ root }) => root.call('POST /u/group', { gid: -1 })),
  row(110, 400, 'a number has a fraction', async ({ root }) => root.call('POST /u/group', { gid: 0.5 })),
  row(110, 400, 'a number is too large', async ({ root }) => root.call('POST /u/group', { gid: '9007199254740992' })),
  row(110, 400, 'a name holds a control character', async ({ root }) => root.call('PUT /u/group', named('a\nb'))),
  row(110, 400, 'a name is empty', async ({ root }) => root.call('PUT /u/group', named(''))),
  row(110, 400, 'a name is too long', async ({ root }) => root.call('PUT /u/group', named('ä'.repeat(128)))),
  row(110, 400, 'a password is empty', async ({ root }) => root.call('PUT /u/user', { name: 'a', password: '' })),
  row(110, 400, 'groups nest too deep', tooDeep),
  row(110, 400, 'the authkey to rotate is missing', async ({ root }) => root.call('PATCH /u/auth')),
  row(110, 400, 'the authkey to revoke is missing', async ({ root }) => root.call('DELETE /u/auth', {})),
  row(110, 400, 'the request is not HTTP', async ({ platter }) => raw(platter.url, 'good day\r\n\r\n')),

  row(111, 404, 'there is no such path', async ({ platter }) => post(platter.url, '/m/media/none')),
  row(111, 404, 'the path is the root', async ({ platter }) => send(platter.url, { method: 'GET', path: '/' })),
  row(112, 405, 'the path does not take the method', async ({ root }) => root.call('GET /m/pool/list')),
  row(112, 405, 'an upload is posted', async ({ root }) => root.call('POST /m/media/upload')),
  row(113, 413, 'the body is too large', async ({ root }) =>
    root.call('POST /u/user', { more: 'x'.repeat(64 * 1024) }),
  ),

  row(200, 501, 'the body has another transfer coding', async ({ platter }) =>
    raw(platter.url, 'POST /u/auth HTTP/1.1\r\nHost: platter\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'),
  ),
  row(200, 501, 'a machine is created', async ({ root }) => root.call('PUT /v/vm', { name: 'vm' })),
  row(200, 501, 'a machine is started', async ({ root }) => root.call('POST /v/vm/state', { vmid: 1 })),

  row(300, 500, 'the database lacks a table', brokenDatabase),
  row(301, 503, 'the database is unreachable', databaseAway),
  row(301, 503, 'there are too many uploads at once', tooManyUploads),
  row(110, 400, 'the body of an upload stalls', stalledUpload),
  ...(canMount ? [row(302, 507, 'the filesystem of a pool is full', fullFilesystem)] : []),
];

/** Errors of `/u/auth`. */
export const AUTH = [
  row(1100, 403, 'the name is wrong', async ({ platter }) => login(platter.url, freshName('nobody'), 'a')),
  row(1100, 403, 'the password is wrong', async ({ platter }) => login(platter.url, 'root', 'a')),
  row(1100, 403, 'the name is invalid', async ({ platter }) => login(platter.url, 'a:b\0', 'a')),
  row(1400, 403, 'the authkey is unknown', async ({ root }) => root.call('PATCH /u/auth', { authkey: 'none' })),
  row(1401, 403, 'the authkey has expired', async (scene) =>
    scene.root.call('PATCH /u/auth', { authkey: await expiredKeyOf(scene) }),
  ),
];

async function post(url: string, path: string, body = ''): Promise<AnyAnswer> {
  return send(url, { method: 'POST', path, body });
}

async function login(url: string, name: string, password: string): Promise<AnyAnswer> {
  return post(url, '/u/auth', JSON.stringify({ name, password }));
}

async function raw(url: string, bytes: string): Promise<AnyAnswer> {
  const connection = await RawConnection.open(url);
  await connection.send(bytes);
  return connection.answer();
}

function named(name: string): object {
  return { name, parent_gid: 0 };
}

async function tooManyLogins(scene: Scene): Promise<AnyAnswer> {
  const { name } = await makeUser(scene);
  const guesses = Array.from({ length: TOO_MANY - 1 }, async () => login(scene.platter.url, name, 'wrong'));
  for (const { status } of await Promise.all(guesses)) expect(status).toBe(403);
  await login(scene.platter.url, name, 'wrong');
  return login(scene.platter.url, name, name);
}

async function tooDeep(scene: Scene): Promise<AnyAnswer> {
  let parent = 0;
  for (let depth = 1; depth <= DEEPEST; depth += 1) parent = await makeGroup(scene, parent);
  return scene.root.call('PUT /u/group', { name: 'deeper', parent_gid: parent });
}

async function brokenDatabase(): Promise<AnyAnswer> {
  const { platter, root } = await openScene({ failures: 1 });
  await rowsOf(platter.database.url, 'alter table groups rename to hidden');
  const answer = await root.call('POST /u/group/list');
  await rowsOf(platter.database.url, 'alter table hidden rename to groups');
  expect(answer.text).not.toMatch(/groups|relation|select|42P01|\.ts|\.js/i);
  return answer;
}

async function databaseAway(): Promise<AnyAnswer> {
  const database = await createTestDatabase();
  const proxy = await openDatabaseProxy(database.url);
  const platter = await startPlatter({ database, env: { DATABASE_URL: proxy.url } });
  const root = await logIn(platter.url);
  proxy.cut();
  const answer = await root.call('POST /u/group/list');
  proxy.mend();
  expect((await root.call('POST /u/group/list')).status).toBe(200);
  return answer;
}

async function fullFilesystem(): Promise<AnyAnswer> {
  const { root } = await openScene({ wrapper: (folder) => withSmall(folder, 1024 * 1024) });
  const answer = await root.upload({ group: 0, name: 'large' }, Buffer.alloc(2 * 1024 * 1024));
  // There is room only if nothing is left of the other one.
  const small = await root.upload({ group: 0, name: 'small' }, Buffer.alloc(768 * 1024));
  await root.ask('DELETE /m/media', { mid: midOf(small) });
  return answer;
}

async function tooManyUploads(): Promise<AnyAnswer> {
  const scene = await openScene({ env: { PLATTER_UPLOADS: '1' } });
  const name = freshName('media');
  const only = await beginUpload(scene.root, { group: 0, name }, 5);
  await untilAdmitted(scene, name);
  const answer = await scene.root.upload({ group: 0, name: freshName('media') }, 'bytes');
  await only.send('bytes');
  expect((await only.answer()).status).toBe(200);
  expect((await scene.root.upload({ group: 0, name: freshName('media') }, 'bytes')).status).toBe(200);
  return answer;
}

async function stalledUpload(): Promise<AnyAnswer> {
  const scene = await openScene({ env: { PLATTER_UPLOAD_IDLE: '1' } });
  const name = freshName('media');
  const connection = await beginUpload(scene.root, { group: 0, name }, 10);
  await connection.send('bytes');
  const answer = await connection.answer();
  await untilNothingIsLeft(scene, 0, name);
  return answer;
}
