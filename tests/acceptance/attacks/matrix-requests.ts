import { freshName } from '../../support/http/client.ts';
import { drive, type Listed } from '../cloudsigma/cloud.ts';
import { makeServer, makeTag, server } from '../cloudsigma/server-room.ts';
import { LIBRARY_DRIVE, type MatrixStage } from './matrix-stage.ts';

/** What is put into the path of an operation, and its body. */
export interface Filled {
  readonly id?: string;
  readonly query?: string;
  readonly body?: unknown;
}

/** Makes what a call needs, fresh for each call, in the tenant that is attacked. */
export type Fill = (stage: MatrixStage) => Promise<Filled>;

const body =
  (fields: unknown): Fill =>
  () =>
    Promise.resolve({ body: fields });
const nothing: Fill = () => Promise.resolve({});
const ofTenant: Fill = async ({ gid }) => Promise.resolve({ body: { gid } });

async function serverOf({ owner }: MatrixStage): Promise<string> {
  return (await makeServer(owner.cloud)).uuid;
}

async function tagOf({ owner }: MatrixStage): Promise<string> {
  return (await makeTag(owner.cloud)).uuid;
}

async function jobOf({ owner }: MatrixStage): Promise<string> {
  const { uuid } = await owner.cloud.make();
  const made = await owner.cloud.ask<Listed<{ jobs: { uuid: string }[] }>>(`POST /drives/${uuid}/action/?do=clone`);
  return made.objects[0]!.jobs[0]!.uuid;
}

export const VELOCITY_REQUESTS: Readonly<Record<string, Fill>> = {
  'POST /u/auth': () => Promise.resolve({ body: { name: freshName('nobody'), password: 'wrong' } }),
  'PATCH /u/auth': body({ authkey: 'unknown' }),
  'DELETE /u/auth': body({ authkey: 'unknown' }),
  'POST /u/user': async (stage) => ({ body: { uid: await stage.user() } }),
  'PUT /u/user': () => Promise.resolve({ body: { name: freshName('user'), password: 'password' } }),
  'PATCH /u/user': async (stage) => ({ body: { uid: await stage.user(), home_gid: stage.gid } }),
  'DELETE /u/user': async (stage) => ({ body: { uid: await stage.user() } }),
  'POST /u/user/list': nothing,
  'PUT /u/user/permission': async (stage) => ({
    body: { uid: await stage.user(), gid: stage.gid, permission: 'velocity.media.list' },
  }),
  'DELETE /u/user/permission': async (stage) => ({
    body: { uid: await stage.userWith('velocity.media.list'), gid: stage.gid, permission: 'velocity.media.list' },
  }),
  'POST /u/group': ofTenant,
  'PUT /u/group': async ({ gid }) => Promise.resolve({ body: { name: freshName('group'), parent_gid: gid } }),
  'DELETE /u/group': async (stage) => ({ body: { gid: await stage.subgroup() } }),
  'POST /u/group/list': nothing,
  'PUT /m/pool/assign': async (stage) => ({
    body: { gid: await stage.subgroup(), mpid: 1, quota: 0, write: true, manage: true },
  }),
  'DELETE /m/pool/assign': async (stage) => ({ body: { gid: await stage.subgroup(), mpid: 1 } }),
  'POST /m/pool/list': ofTenant,
  'PUT /m/media/create': async ({ gid }) =>
    Promise.resolve({ body: { gid, mpid: 1, name: freshName('item'), size: 1 } }),
  'PUT /m/media/upload': nothing,
  'DELETE /m/media': async (stage) => ({ body: { mid: await stage.item() } }),
  'POST /m/media/list': ofTenant,
  'GET /m/media/{mid}/content': async (stage) => ({ id: await stage.item() }),
  'POST /v/vm/list': nothing,
  'POST /v/nic/list': nothing,
};

export const CLOUDSIGMA_REQUESTS: Readonly<Record<string, Fill>> = {
  'POST /drives': () => Promise.resolve({ body: drive() }),
  'DELETE /drives': async (stage) => ({ body: { objects: [{ uuid: await stage.drive() }] } }),
  'GET /drives/{uuid}': async (stage) => ({ id: await stage.drive() }),
  'PUT /drives/{uuid}': async (stage) => ({ id: await stage.drive(), body: { name: freshName('drive') } }),
  'DELETE /drives/{uuid}': async (stage) => ({ id: await stage.drive() }),
  'GET /drives/{uuid}/download': async (stage) => ({ id: await stage.drive() }),
  'POST /drives/{uuid}/action': async (stage) => ({ id: await stage.drive(), query: '?do=clone' }),
  'GET /jobs/{uuid}': async (stage) => ({ id: await jobOf(stage) }),
  'GET /libdrives/{uuid}': () => Promise.resolve({ id: LIBRARY_DRIVE }),
  'POST /libdrives/{uuid}/action': () => Promise.resolve({ id: LIBRARY_DRIVE, query: '?do=clone' }),
  'PUT /profile': body({ first_name: 'Ann' }),
  'POST /servers': () => Promise.resolve({ body: server() }),
  'GET /servers/{uuid}': async (stage) => ({ id: await serverOf(stage) }),
  'PUT /servers/{uuid}': async (stage) => ({ id: await serverOf(stage), body: { name: 'another' } }),
  'DELETE /servers/{uuid}': async (stage) => ({ id: await serverOf(stage) }),
  'POST /servers/{uuid}/action': async (stage) => ({ id: await serverOf(stage), query: '?do=start' }),
  'POST /tags': () => Promise.resolve({ body: { name: freshName('tag') } }),
  'GET /tags/{uuid}': async (stage) => ({ id: await tagOf(stage) }),
  'PUT /tags/{uuid}': async (stage) => ({ id: await tagOf(stage), body: { name: 'another' } }),
  'DELETE /tags/{uuid}': async (stage) => ({ id: await tagOf(stage) }),
  'GET /tags/{uuid}/drives': async (stage) => ({ id: await tagOf(stage) }),
  'GET /tags/{uuid}/drives/detail': async (stage) => ({ id: await tagOf(stage) }),
  'GET /tags/{uuid}/servers': async (stage) => ({ id: await tagOf(stage) }),
  'GET /tags/{uuid}/servers/detail': async (stage) => ({ id: await tagOf(stage) }),
};
