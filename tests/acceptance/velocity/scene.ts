import { Client, freshName, logIn, type Answer } from '../../support/http/client.ts';
import { startPlatter, type Platter, type PlatterOptions } from '../../support/program/platter.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { until } from '../../support/waiting/until.ts';

/** A running program with root logged in. Every test creates its own groups and users. */
export interface Scene {
  readonly platter: Platter;
  readonly root: Client;
}

/** An assignment on the wire, with every right and no limit by default. */
export interface Terms {
  readonly mpid?: number;
  readonly quota?: number | string;
  readonly write?: boolean;
  readonly manage?: boolean;
}

export interface ListedPool {
  readonly mpid: number;
  readonly quota: number;
  readonly used: number;
  readonly available: number | null;
}

export interface ListedMedia {
  readonly mid: string;
  readonly name: string;
  readonly size: number;
  readonly readonly: boolean;
  readonly sha256: string | null;
}

export const NOWHERE = 999_999_999;
export const NO_MEDIA = '00000000-0000-4000-8000-000000000000';

export async function openScene(options?: PlatterOptions): Promise<Scene> {
  const platter = await startPlatter(options);
  return { platter, root: await logIn(platter.url) };
}

/** Starts another program on the same database and the same pool. */
export async function startReplica({ platter }: Scene, env: Readonly<Record<string, string>> = {}): Promise<Platter> {
  const { database, bucket } = platter;
  if (bucket !== null) return startPlatter({ database, bucket, env });
  const pools = [{ mpid: 1, name: 'default', path: platter.poolFolder, default: true }];
  return startPlatter({ database, poolsFile: JSON.stringify({ pools }), env });
}

const expiredKeys = new WeakMap<Scene, Promise<string>>();

/** Creates an authkey of root that has expired. */
export async function expiredKeyOf(scene: Scene): Promise<string> {
  const known = expiredKeys.get(scene) ?? makeExpiredKey(scene);
  expiredKeys.set(scene, known);
  return known;
}

async function makeExpiredKey(scene: Scene): Promise<string> {
  const replica = await startReplica(scene, { PLATTER_AUTHKEY_LIFETIME: '1' });
  const { authkey } = await logIn(replica.url);
  await until('the authkey expires', async () => {
    const { status } = await new Client(scene.platter.url, authkey).call('POST /u/group/list');
    return status === 401;
  });
  await replica.stop();
  return authkey;
}

/** Creates a group below `parent`, without a pool. */
export async function makeGroup({ root }: Scene, parent = 0): Promise<number> {
  const made = await root.ask<{ gid: number }>('PUT /u/group', { name: freshName('group'), parent_gid: parent });
  return made.gid;
}

/** Assigns a pool to a group; by default pool 1. */
export async function assign({ root }: Scene, gid: number, terms: Terms = {}): Promise<void> {
  await root.ask('PUT /m/pool/assign', { gid, mpid: 1, quota: 0, write: true, manage: true, ...terms });
}

/** Creates a group below the root with a pool. */
export async function makeAssignedGroup(scene: Scene, terms: Terms = {}): Promise<number> {
  const gid = await makeGroup(scene);
  await assign(scene, gid, terms);
  return gid;
}

/** Creates a user with these permissions on a group, and logs in. */
export async function makeUser(
  scene: Scene,
  gid = 0,
  ...permissions: readonly string[]
): Promise<{ readonly uid: number; readonly name: string; readonly client: Client }> {
  const name = freshName('user');
  const { uid } = await scene.root.ask<{ uid: number }>('PUT /u/user', { name, password: name });
  for (const permission of permissions) await give(scene, uid, gid, permission);
  return { uid, name, client: await logIn(scene.platter.url, name, name) };
}

export async function give({ root }: Scene, uid: number, gid: number, permission: string): Promise<void> {
  await root.ask('PUT /u/user/permission', { uid, gid, permission });
}

/** Protects an item from deletion. */
export async function protect({ platter }: Pick<Scene, 'platter'>, mid: string): Promise<void> {
  await rowsOf(platter.database.url, `update media set protected = true where id = '${mid}'`);
}

/** Returns a pool as a group sees it; by default pool 1. */
export async function poolOf({ root }: Scene, gid: number, mpid = 1): Promise<ListedPool> {
  const { pools } = await root.ask<{ pools: ListedPool[] }>('POST /m/pool/list', { gid });
  const found = pools.find((pool) => pool.mpid === mpid);
  if (found === undefined) throw new Error(`group ${gid} does not see pool ${mpid}`);
  return found;
}

export async function mediaOf({ root }: Scene, gid: number): Promise<readonly ListedMedia[]> {
  return (await root.ask<{ media: ListedMedia[] }>('POST /m/media/list', { gid })).media;
}

/** Returns the id of the item that an answer created. */
export function midOf({ status, text, body }: Pick<Answer, 'status' | 'text' | 'body'>): string {
  if (status !== 200) throw new Error(`no media were made: ${status} ${text}`);
  return (body as { mid: string }).mid;
}

/**
 * Resolves when nothing of a failed upload is left: no usage, no item, no row, no file, and its
 * name is free.
 */
export async function untilNothingIsLeft(scene: Scene, gid: number, name: string): Promise<void> {
  await until('nothing is left', async () => {
    const rows = await rowsOf(scene.platter.database.url, `select id from media where name = '${name}'`);
    return rows.length === 0 && (await poolOf(scene, gid)).used === 0;
  });
  expect(await mediaOf(scene, gid)).toEqual([]);
  expect(await strayFiles(scene)).toEqual([]);
  const again = await scene.root.upload({ group: gid, name }, 'again');
  expect(again.status).toBe(200);
  await scene.root.ask('DELETE /m/media', { mid: midOf(again) });
}

/** Resolves when an upload of this name is admitted and waits for its bytes. */
export async function untilAdmitted({ platter }: Scene, name: string): Promise<void> {
  await until('the upload is admitted', async () => {
    const rows = await rowsOf(platter.database.url, `select id from media where name = '${name}'`);
    return rows.length === 1;
  });
}

async function strayFiles({ platter }: Scene): Promise<readonly string[]> {
  const known = new Set((await rowsOf(platter.database.url, 'select blob_id from media')).map((row) => row.blob_id));
  const files = await platter.stored();
  return files.map(([name]) => name).filter((name) => !known.has(name));
}
