import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freshName, send } from '../../support/http/client.ts';
import { createTestDatabase, rowsOf } from '../../support/database/test-database.ts';
import { head, RawConnection } from '../../support/http/raw-http.ts';
import { until } from '../../support/waiting/until.ts';
import { holdTable } from '../start-up/held-table.ts';
import { openDatabaseProxy } from '../velocity/database-proxy.ts';
import type { AnyAnswer } from '../velocity/provocation.ts';
import { assign, protect } from '../velocity/scene.ts';
import { canMount, withSmall } from '../velocity/small-filesystem.ts';
import { Cloud, createColleague, drive, openCloud, createUser, type CloudScene, type Listed } from './cloud.ts';
import { missingChunk, repeatedChunk } from './chunk-provocations.ts';
import { hostileImage, qcow2Enlarged } from './image-provocations.ts';
import { row, type Provocation } from './provocation.ts';
import { BYTES } from './provocations-bytes.ts';
import { at, makeServer, server } from './server-fixtures.ts';

/** The library drive of the scene. */
export const PUBLISHED = '9a1f0e44-0000-4000-8000-000000000021';
/** A pools file with one folder, for scenes that need the files. */
export const ONE_POOL = 'pools:\n  - { mpid: 1, name: only, path: only, default: true }\n';

const TOO_MANY = 20;

/** Every row of the dialect's table that a request can meet. */
const PROVOCATIONS: readonly Provocation[] = [
  row('malformed', 'validation', 400, /JSON/, 'a body is not JSON', async ({ boss }) =>
    boss.send('POST /drives/', '{'),
  ),
  row('malformed', 'validation', 400, /^limit must/, 'a page is malformed', async ({ boss }) =>
    boss.call('GET /jobs/?limit=a'),
  ),
  row('malformed', 'validation', 400, /not well encoded/, 'a path is malformed', async ({ boss }) =>
    boss.call('GET /drives/%ff/'),
  ),
  row('malformed', 'validation', 400, /HTTP/, 'it is not HTTP', async ({ boss }) =>
    raw(boss, 'POST /api/2.0/drives/ X\r\n\r\n'),
  ),
  row('search-too-broad', 'database', 503, /takes too long/, 'a search takes too long', async ({ boss, platter }) => {
    const letGo = await holdTable(platter.database.url, 'media_labels');
    try {
      return await boss.call('GET /drives/?name__contains=a');
    } finally {
      await letGo();
    }
  }),
  row('foreign-origin', 'permission', 403, /another origin/, 'a page of another origin deletes', async ({ boss }) =>
    boss.call('DELETE /drives/', {}, { 'sec-fetch-site': 'cross-site' }),
  ),
  row('no-such-path', 'notexist', 404, /no such path/, 'the path is unknown', async ({ boss }) =>
    boss.call('GET /none/'),
  ),
  row('wrong-method', 'validation', 405, /PATCH/, 'the path does not take the method', async ({ boss }) =>
    boss.call('PATCH /drives/'),
  ),
  row('not-acceptable', 'validation', 406, /application\/json/, 'only XML is accepted', async ({ boss }) =>
    boss.call('GET /libdrives/', undefined, { accept: 'application/xml' }),
  ),
  row('body-too-large', 'validation', 413, /./, 'a body is too large', async ({ boss }) =>
    boss.call('POST /drives/', { more: 'x'.repeat(70_000) }),
  ),
  row('unknown', 'backend', 500, /^internal error$/, 'the database lacks a table', brokenDatabase),

  row('not-authenticated', 'permission', 401, /required/, 'there are no credentials', async ({ boss }) => nobody(boss)),
  row('wrong-credentials', 'permission', 401, /wrong/, 'the password is wrong', async ({ boss }) =>
    new Cloud(boss.url, 'root', 'a guess').call('GET /profile/'),
  ),
  row('too-many-logins', 'permission', 429, /too many/, 'logins failed too often', tooManyLogins),
  row(
    'permission-missing',
    'permission',
    403,
    /^the permission velocity\.media\.create/,
    'the caller may only list',
    async (scene) => {
      const { cloud, gid } = await createUser(scene);
      const { uuid } = await cloud.make();
      const { cloud: reader } = await createColleague(scene, gid, ['velocity.media.list']);
      return reader.call(`PUT /drives/${uuid}/`, { name: 'not mine' });
    },
  ),
  row('home-group-missing', 'permission', 403, /home_gid/, 'the caller has no home group', async (scene) =>
    (await createUser(scene, ['velocity.media.list'])).cloud.call('POST /drives/', drive()),
  ),
  row('not-manager', 'permission', 403, /manage/, 'the group may not manage', async (scene) =>
    (await createUser(scene, undefined, { manage: false })).cloud.call('POST /drives/', drive()),
  ),
  row('not-writer', 'permission', 403, /write/, 'the group may not write', notWriter),
  row('media-published', 'permission', 403, /library/, 'a library drive is deleted', async ({ boss }) =>
    boss.call('DELETE /drives/', { objects: [{ uuid: PUBLISHED }] }),
  ),
  row('media-protected', 'permission', 403, /protected/, 'a protected drive is deleted', async (scene) => {
    const { uuid } = await scene.boss.make();
    await protect(scene, uuid);
    return scene.boss.call(`DELETE /drives/${uuid}/`);
  }),
  row('media-not-found', 'notexist', 404, /drive/, 'the id is unknown', async ({ boss }) =>
    boss.call('GET /drives/none/'),
  ),
  row('job-not-found', 'notexist', 404, /job/, 'the id is unknown', async ({ boss }) => boss.call('GET /jobs/none/')),
  row('group-not-found', 'notexist', 404, /group/, 'the group is removed meanwhile', groupGoes),
  row('quota-exceeded', 'billing', 402, /group quota exceeded/, 'the quota of the group is full', overQuota),
  row('quota-exceeded', 'billing', 402, /number of drives, 1 /, 'a group has too many drives', tooManyItems),
  row('quota-exceeded', 'billing', 402, /pool quota exceeded/, 'the quota of the pool is full', overCapacity),
  row('media-busy', 'concurrency', 409, /busy/, 'an upload is under way', busy),
  row('media-not-empty', 'validation', 400, /smaller/, 'bytes would be truncated', notEmpty),
  row('image-not-growable', 'validation', 400, /qemu-img resize/, 'a qcow2 is enlarged', qcow2Enlarged),
  row('clone-too-small', 'validation', 400, /at least/, 'a clone is smaller', async ({ boss }) =>
    boss.call(`POST /libdrives/${PUBLISHED}/action/?do=clone`, { size: 1 }),
  ),
  row('chunk-refused', 'validation', 400, /takes no chunks/, 'a drive is not being uploaded', async ({ boss }) =>
    boss.call(`POST /drives/${(await boss.make()).uuid}/action/?do=upload_chunk`, { chunk_number: 0 }),
  ),
  row('chunk-stored', 'validation', 416, /chunk 0 is already uploaded/, 'a chunk is repeated', repeatedChunk),
  row('chunk-not-found', 'notexist', 404, /not uploaded yet/, 'a chunk is missing', missingChunk),
  row('chunk-link-refused', 'permission', 403, /link is not valid/, 'a link is forged', async ({ boss }) =>
    boss.send('POST /chunks/forged/', 'bytes'),
  ),
  row('format-refused', 'validation', 400, /image is refused/, 'an image is hostile', hostileImage),
  row('body-too-slow', 'validation', 408, /slowly/, 'an upload stalls', stalledUpload),
  row('bytes-missing', 'backend', 503, /cannot be read/, 'a file is missing', missingFile),
  row('bytes-damaged', 'backend', 503, /are damaged/, 'a scrub found other bytes', damagedBytes),
  row('unavailable', 'backend', 503, /temporarily/, 'there are too many uploads at once', tooManyUploads),
  row('unavailable', 'backend', 503, /temporarily/, 'the folder of a pool is missing', poolGone),
  row('unavailable', 'database', 503, /temporarily/, 'the database is unreachable', databaseAway),
];

/** Errors of servers and tags. */
const ATTACHING: readonly Provocation[] = [
  row('not-implemented', 'backend', 501, /runs no servers/, 'a server is started', async ({ boss }) =>
    boss.call(`POST /servers/${(await makeServer(boss)).uuid}/action/?do=start`),
  ),
  row('server-not-found', 'notexist', 404, /server/, 'the id is unknown', async ({ boss }) =>
    boss.call('GET /servers/none/'),
  ),
  row('tag-not-found', 'notexist', 404, /tag/, 'the id is unknown', async ({ boss }) => boss.call('GET /tags/none/')),
  row('named-tag-not-found', 'notexist', 404, /tag/, 'a drive gets an unknown tag', async ({ boss }) =>
    boss.call('POST /drives/', { ...drive(), tags: ['none'] }),
  ),
  row('attachment-not-found', 'notexist', 404, /drive/, 'a server gets an unknown drive', async ({ boss }) =>
    boss.call('POST /servers/', server({ drives: [at('none')] })),
  ),
  row('resource-not-found', 'notexist', 404, /drive or server/, 'an unknown drive is tagged', async ({ boss }) =>
    boss.call('POST /tags/', { name: 'lost', resources: ['none'] }),
  ),
  row('library-disk', 'permission', 403, /clone/, 'a disk of the library is attached', async ({ boss }) =>
    boss.call('POST /servers/', server({ drives: [at(PUBLISHED)] })),
  ),
  row('attached-elsewhere', 'concurrency', 409, /another server/, 'a second server attaches a drive', elsewhere),
  row('attached-twice', 'validation', 400, /once/, 'a server attaches a drive twice', async ({ boss }) => {
    const { uuid } = await boss.make();
    return boss.call('POST /servers/', server({ drives: [at(uuid, '0:0'), at(uuid, '0:1')] }));
  }),
  row('too-many-possessions', 'permission', 403, /1000 tags/, 'there are too many tags', async (scene) => {
    const { cloud, uid } = await createUser(scene);
    await rowsOf(
      scene.platter.database.url,
      `insert into tags (id, owner, name, meta)
       select gen_random_uuid(), uuid, 'a', '{}' from users, generate_series(1, 1000) where id = ${uid}`,
    );
    return cloud.call('POST /tags/', { name: 'one more' });
  }),
  row('definitions-too-large', 'permission', 403, /25165824 bytes/, 'definitions are too large', async (scene) => {
    const { cloud, uid } = await createUser(scene);
    await rowsOf(
      scene.platter.database.url,
      `insert into tags (id, owner, name, meta)
       select gen_random_uuid(), uuid, 'a', jsonb_build_object('a', repeat('x', 25165824)) from users where id = ${uid}`,
    );
    return cloud.call('POST /tags/', { name: 'one more' });
  }),
  row('slots-invalid', 'validation', 400, /0:9/, 'a channel does not exist', async ({ boss }) =>
    boss.call('POST /servers/', server({ drives: [at((await boss.make()).uuid, '0:9')] })),
  ),
  row('media-in-use', 'concurrency', 409, /in use/, 'several servers have a drive that loses allow_multimount', shared),
];

const FULL = row('no-space', 'backend', 507, /full/, 'the filesystem of a pool is full', fullFilesystem);

/** The provocations of this host: not every host allows to mount a small filesystem. */
export const POSSIBLE = [...PROVOCATIONS, ...BYTES, ...ATTACHING, ...(canMount ? [FULL] : [])];

async function elsewhere({ boss }: CloudScene): Promise<AnyAnswer> {
  const { uuid } = await boss.make();
  await makeServer(boss, [at(uuid)]);
  return boss.call('POST /servers/', server({ drives: [at(uuid)] }));
}

async function shared({ boss }: CloudScene): Promise<AnyAnswer> {
  const { uuid } = await boss.make({ allow_multimount: true });
  for (let count = 0; count < 2; count += 1) await makeServer(boss, [at(uuid)]);
  return boss.call(`PUT /drives/${uuid}/`, { allow_multimount: false });
}

async function nobody({ url }: Cloud): Promise<AnyAnswer> {
  return send(url, { method: 'GET', path: '/api/2.0/libdrives/' });
}

async function raw({ url }: Cloud, text: string): Promise<AnyAnswer> {
  const connection = await RawConnection.open(url);
  await connection.send(text);
  return connection.answer();
}

/** Starts an upload and sends only the beginning. */
async function beginUpload(cloud: Cloud, length: number): Promise<RawConnection> {
  const connection = await RawConnection.open(cloud.url);
  const headers = { authorization: cloud.authorization, 'content-length': length };
  await connection.send(`${head('POST /api/2.0/drives/upload/', headers)}bytes`);
  await until('the upload is seen', async () => (await uploading(cloud)) !== null);
  return connection;
}

async function uploading(cloud: Cloud): Promise<string | null> {
  const { objects } = await cloud.ask<Listed>('GET /drives/');
  return objects.find(({ status }) => status === 'uploading')?.uuid ?? null;
}

async function brokenDatabase(): Promise<AnyAnswer> {
  const { platter, boss } = await openCloud({ failures: 1 });
  await boss.ask('GET /jobs/');
  await rowsOf(platter.database.url, 'alter table jobs rename to hidden');
  const answer = await boss.call('GET /jobs/');
  await rowsOf(platter.database.url, 'alter table hidden rename to jobs');
  expect(answer.text).not.toMatch(/jobs|relation|select|42P01|\.ts|\.js/i);
  return answer;
}

async function tooManyLogins(scene: CloudScene): Promise<AnyAnswer> {
  const { cloud } = await createUser(scene);
  const guess = new Cloud(cloud.url, cloud.name, 'a guess');
  for (let failures = 1; failures < TOO_MANY; failures += 1) await guess.call('GET /profile/');
  return guess.call('GET /profile/');
}

async function notWriter(scene: CloudScene): Promise<AnyAnswer> {
  const { cloud, gid } = await createUser(scene);
  const { uuid } = await cloud.make();
  await assign(scene, gid, { write: false });
  return cloud.call(`POST /drives/${uuid}/action/?do=resize`, { size: 9000 });
}

async function groupGoes(): Promise<AnyAnswer> {
  const scene = await openCloud({ env: { PLATTER_LEASE: '1' } });
  const { cloud, gid } = await createUser(scene);
  const connection = await beginUpload(cloud, 10);
  await scene.root.ask('DELETE /u/group', { gid });
  return connection.answer();
}

async function overQuota(scene: CloudScene): Promise<AnyAnswer> {
  const { cloud } = await createUser(scene, undefined, { quota: 5000 });
  const { uuid } = await cloud.make();
  return cloud.call(`PUT /drives/${uuid}/`, { size: 5001 });
}

async function tooManyItems(): Promise<AnyAnswer> {
  const scene = await openCloud({ env: { PLATTER_ITEMS_PER_GROUP: '1' } });
  const { cloud } = await createUser(scene);
  return cloud.call('POST /drives/', [drive(), drive()]);
}

async function overCapacity(): Promise<AnyAnswer> {
  const poolsFile = 'pools:\n  - { mpid: 1, name: small, path: small, default: true, capacity: 5000 }\n';
  const { boss } = await openCloud({ poolsFile });
  return boss.call('POST /drives/', [drive(), drive()]);
}

async function busy(scene: CloudScene): Promise<AnyAnswer> {
  const { cloud, gid } = await createUser(scene);
  const { cloud: other } = await createColleague(scene, gid);
  const connection = await beginUpload(cloud, 10);
  const answer = await other.call(`POST /drives/${(await uploading(cloud))!}/action/?do=clone`);
  await connection.send('bytes');
  await until('the upload ends', async () => (await uploading(cloud)) === null);
  return answer;
}

async function notEmpty({ boss }: CloudScene): Promise<AnyAnswer> {
  const { text } = await boss.send('POST /drives/upload/', 'some bytes');
  return boss.call(`PUT /drives/${text}/`, { size: 4 });
}

async function stalledUpload(): Promise<AnyAnswer> {
  const { boss } = await openCloud({ env: { PLATTER_UPLOAD_IDLE: '1' } });
  const connection = await beginUpload(boss, 10);
  return connection.answer();
}

async function missingFile(): Promise<AnyAnswer> {
  const { boss, platter } = await openCloud({ poolsFile: ONE_POOL });
  const { text } = await boss.send('POST /drives/upload/', 'some bytes');
  await rm(join(platter.poolFolder, text));
  const answer = await boss.send(`GET /drives/${text}/download/`);
  await boss.call(`DELETE /drives/${text}/`);
  return answer;
}

async function damagedBytes({ boss, platter }: CloudScene): Promise<AnyAnswer> {
  const { text } = await boss.send('POST /drives/upload/', 'some bytes');
  await rowsOf(platter.database.url, `update blobs set damaged_at = now(), damage = 'different' where id = '${text}'`);
  const answer = await boss.send(`GET /drives/${text}/download/`);
  await boss.call(`DELETE /drives/${text}/`);
  return answer;
}

async function tooManyUploads(): Promise<AnyAnswer> {
  const { boss } = await openCloud({ env: { PLATTER_UPLOADS: '1' } });
  const connection = await beginUpload(boss, 10);
  const answer = await boss.send('POST /drives/upload/', freshName('bytes'));
  await connection.send('bytes');
  await until('the upload ends', async () => (await uploading(boss)) === null);
  return answer;
}

async function poolGone(): Promise<AnyAnswer> {
  const { boss, platter } = await openCloud({ poolsFile: ONE_POOL });
  const away = `${platter.poolFolder}-away`;
  await rename(platter.poolFolder, away);
  const answer = await boss.call('POST /drives/', [drive(), drive()]);
  await rename(away, platter.poolFolder);
  expect((await boss.ask<Listed>('GET /drives/')).objects).toEqual([]);
  return answer;
}

async function databaseAway(): Promise<AnyAnswer> {
  const database = await createTestDatabase();
  const proxy = await openDatabaseProxy(database.url);
  const { boss, platter } = await openCloud({ database, env: { DATABASE_URL: proxy.url } });
  await boss.ask('GET /libdrives/');
  proxy.cut();
  const answer = await boss.call('GET /libdrives/');
  proxy.mend();
  await boss.ask('GET /libdrives/');
  await platter.stop();
  await database.drop();
  return answer;
}

async function fullFilesystem(): Promise<AnyAnswer> {
  const { boss } = await openCloud({ wrapper: (folder) => withSmall(folder, 1024 * 1024) });
  const answer = await boss.send('POST /drives/upload/', Buffer.alloc(2 * 1024 * 1024));
  expect((await boss.ask<Listed>('GET /drives/')).objects).toEqual([]);
  return answer;
}
