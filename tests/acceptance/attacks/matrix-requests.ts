import { freshName } from '../../support/http/client.ts';
import { drive, type Listed } from '../cloudsigma/cloud.ts';
import { makeServer, makeTag, server } from '../cloudsigma/server-fixtures.ts';
import { LIBRARY_DRIVE, type MatrixFixture } from './matrix-fixture.ts';

/** The path id, query and body of a request. */
export interface PreparedRequest {
  readonly id?: string;
  readonly query?: string;
  readonly body?: unknown;
  /** A body that is not JSON. */
  readonly raw?: { readonly content: Uint8Array; readonly type: string };
}

/** Creates the objects that a call needs in the attacked tenant, and returns its request. */
export type PrepareRequest = (fixture: MatrixFixture) => Promise<PreparedRequest>;

const body =
  (fields: unknown): PrepareRequest =>
  () =>
    Promise.resolve({ body: fields });
const nothing: PrepareRequest = () => Promise.resolve({});
const ofTenant: PrepareRequest = async ({ gid }) => Promise.resolve({ body: { gid } });

async function serverOf({ owner }: MatrixFixture): Promise<string> {
  return (await makeServer(owner.cloud)).uuid;
}

async function tagOf({ owner }: MatrixFixture): Promise<string> {
  return (await makeTag(owner.cloud)).uuid;
}

async function jobOf({ owner }: MatrixFixture): Promise<string> {
  const { uuid } = await owner.cloud.make();
  const made = await owner.cloud.ask<Listed<{ jobs: { uuid: string }[] }>>(`POST /drives/${uuid}/action/?do=clone`);
  return made.objects[0]!.jobs[0]!.uuid;
}

const CHUNK = Buffer.from('bytes');
const OCTETS = { content: CHUNK, type: 'application/octet-stream' };
const FIELDS = {
  resumableChunkNumber: '1',
  resumableChunkSize: String(CHUNK.length),
  resumableTotalSize: String(2 * CHUNK.length),
  resumableIdentifier: 'image.raw',
  resumableFilename: 'image.raw',
};

/** Begins an upload of two chunks. */
async function chunkedUploadOf({ owner }: MatrixFixture): Promise<string> {
  const order = { name: freshName('drive'), media: 'disk', size: 2 * CHUNK.length };
  const { objects } = await owner.cloud.ask<Listed>('POST /initupload/', { objects: [order] });
  return objects[0]!.uuid;
}

/** Returns the token of a link to the first chunk. */
async function chunkLinkOf({ owner }: MatrixFixture, uuid: string): Promise<string> {
  const order = { chunk_number: 0, chunk_size: CHUNK.length };
  const { link } = await owner.cloud.ask<{ link: string }>(`POST /drives/${uuid}/action/?do=upload_chunk`, order);
  return link.split('/').at(-2)!;
}

/** Begins an upload whose first chunk is there. */
async function begunUploadOf(fixture: MatrixFixture): Promise<string> {
  const uuid = await chunkedUploadOf(fixture);
  const token = await chunkLinkOf(fixture, uuid);
  await fixture.owner.cloud.send(`POST /chunks/${token}/`, CHUNK, { 'content-type': OCTETS.type });
  return uuid;
}

async function formOfChunk(): Promise<PreparedRequest['raw'] & object> {
  const form = new FormData();
  for (const [name, value] of Object.entries(FIELDS)) form.append(name, value);
  form.append('file', new Blob([CHUNK]), 'blob');
  const request = new Request('http://platter', { method: 'POST', body: form });
  return { content: Buffer.from(await request.arrayBuffer()), type: request.headers.get('content-type') ?? '' };
}

export const VELOCITY_REQUESTS: Readonly<Record<string, PrepareRequest>> = {
  'POST /u/auth': () => Promise.resolve({ body: { name: freshName('unknown'), password: 'wrong' } }),
  'PATCH /u/auth': body({ authkey: 'unknown' }),
  'DELETE /u/auth': body({ authkey: 'unknown' }),
  'POST /u/user': async (fixture) => ({ body: { uid: await fixture.user() } }),
  'PUT /u/user': () => Promise.resolve({ body: { name: freshName('user'), password: 'password' } }),
  'PATCH /u/user': async (fixture) => ({ body: { uid: await fixture.user(), home_gid: fixture.gid } }),
  'DELETE /u/user': async (fixture) => ({ body: { uid: await fixture.user() } }),
  'POST /u/user/list': nothing,
  'PUT /u/user/permission': async (fixture) => ({
    body: { uid: await fixture.user(), gid: fixture.gid, permission: 'velocity.media.list' },
  }),
  'DELETE /u/user/permission': async (fixture) => ({
    body: { uid: await fixture.userWith('velocity.media.list'), gid: fixture.gid, permission: 'velocity.media.list' },
  }),
  'POST /u/group': ofTenant,
  'PUT /u/group': async ({ gid }) => Promise.resolve({ body: { name: freshName('group'), parent_gid: gid } }),
  'DELETE /u/group': async (fixture) => ({ body: { gid: await fixture.subgroup() } }),
  'POST /u/group/list': nothing,
  'PUT /m/pool/assign': async (fixture) => ({
    body: { gid: await fixture.subgroup(), mpid: 1, quota: 0, write: true, manage: true },
  }),
  'DELETE /m/pool/assign': async (fixture) => ({ body: { gid: await fixture.subgroup(), mpid: 1 } }),
  'POST /m/pool/list': ofTenant,
  'PUT /m/media/create': async ({ gid }) =>
    Promise.resolve({ body: { gid, mpid: 1, name: freshName('item'), size: 1 } }),
  'PUT /m/media/upload': nothing,
  'DELETE /m/media': async (fixture) => ({ body: { mid: await fixture.item() } }),
  'POST /m/media/list': ofTenant,
  'GET /m/media/{mid}/content': async (fixture) => ({ id: await fixture.item() }),
  'POST /v/vm/list': nothing,
  'POST /v/nic/list': nothing,
};

export const CLOUDSIGMA_REQUESTS: Readonly<Record<string, PrepareRequest>> = {
  'POST /drives': () => Promise.resolve({ body: drive() }),
  'DELETE /drives': async (fixture) => ({ body: { objects: [{ uuid: await fixture.drive() }] } }),
  'GET /drives/{uuid}': async (fixture) => ({ id: await fixture.drive() }),
  'PUT /drives/{uuid}': async (fixture) => ({ id: await fixture.drive(), body: { name: freshName('drive') } }),
  'DELETE /drives/{uuid}': async (fixture) => ({ id: await fixture.drive() }),
  'GET /drives/{uuid}/download': async (fixture) => ({ id: await fixture.drive() }),
  'POST /drives/{uuid}/action': async (fixture) => ({ id: await fixture.drive(), query: '?do=clone' }),
  'GET /drives/{uuid}/upload': async (fixture) => ({
    id: await begunUploadOf(fixture),
    query: `?${new URLSearchParams(FIELDS).toString()}`,
  }),
  'POST /drives/{uuid}/upload': async (fixture) => ({ id: await chunkedUploadOf(fixture), raw: await formOfChunk() }),
  'POST /initupload': () =>
    Promise.resolve({ body: { objects: [{ name: freshName('drive'), media: 'disk', size: 5 }] } }),
  'POST /chunks/{token}': async (fixture) => ({
    id: await chunkLinkOf(fixture, await chunkedUploadOf(fixture)),
    raw: OCTETS,
  }),
  'GET /jobs/{uuid}': async (fixture) => ({ id: await jobOf(fixture) }),
  'GET /libdrives/{uuid}': () => Promise.resolve({ id: LIBRARY_DRIVE }),
  'POST /libdrives/{uuid}/action': () => Promise.resolve({ id: LIBRARY_DRIVE, query: '?do=clone' }),
  'PUT /profile': body({ first_name: 'Ann' }),
  'POST /servers': () => Promise.resolve({ body: server() }),
  'GET /servers/{uuid}': async (fixture) => ({ id: await serverOf(fixture) }),
  'PUT /servers/{uuid}': async (fixture) => ({ id: await serverOf(fixture), body: { name: 'another' } }),
  'DELETE /servers/{uuid}': async (fixture) => ({ id: await serverOf(fixture) }),
  'POST /servers/{uuid}/action': async (fixture) => ({ id: await serverOf(fixture), query: '?do=start' }),
  'POST /tags': () => Promise.resolve({ body: { name: freshName('tag') } }),
  'GET /tags/{uuid}': async (fixture) => ({ id: await tagOf(fixture) }),
  'PUT /tags/{uuid}': async (fixture) => ({ id: await tagOf(fixture), body: { name: 'another' } }),
  'DELETE /tags/{uuid}': async (fixture) => ({ id: await tagOf(fixture) }),
  'GET /tags/{uuid}/drives': async (fixture) => ({ id: await tagOf(fixture) }),
  'GET /tags/{uuid}/drives/detail': async (fixture) => ({ id: await tagOf(fixture) }),
  'GET /tags/{uuid}/servers': async (fixture) => ({ id: await tagOf(fixture) }),
  'GET /tags/{uuid}/servers/detail': async (fixture) => ({ id: await tagOf(fixture) }),
};
