import { createHash } from 'node:crypto';
import { patterned } from '../support/files/byte-sources.ts';
import { expectNoDrift } from '../support/fixtures/usage-drift.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { freshName } from '../support/http/client.ts';
import { poolFixturesOf, type PoolFixture } from '../support/fixtures/pool-fixture.ts';
import { openTestBucket } from '../support/s3/test-bucket.ts';
import { until } from '../support/waiting/until.ts';
import { Cloud } from '../acceptance/cloudsigma/cloud.ts';
import { at, makeServer } from '../acceptance/cloudsigma/server-fixtures.ts';
import {
  assign,
  give,
  makeGroup,
  makeUser,
  midOf,
  openScene,
  poolOf,
  type Scene,
} from '../acceptance/velocity/scene.ts';
import type { Item } from '../acceptance/native/media-scene.ts';
import { expectProblem, NativeClient } from '../acceptance/native/native-client.ts';

const CONTENT = patterned(300_000);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const [DISK, OTHER_DISK, BUCKET] = [1, 2, 3] as const;

interface Job {
  readonly id: string;
  readonly state: string;
  readonly failure: string | null;
  readonly media: string;
}

let scene: Scene;
let root: NativeClient;
let group: number;
let stores: ReadonlyMap<number, PoolFixture>;
beforeAll(async () => {
  const bucket = await openTestBucket();
  const pools = [
    { mpid: DISK, name: 'disk', path: 'one', default: true },
    { mpid: OTHER_DISK, name: 'other disk', path: 'two' },
    {
      mpid: BUCKET,
      name: 'bucket',
      backend: 's3',
      bucket: bucket.location.bucket,
      prefix: '3/',
      endpoint: bucket.location.endpoint,
    },
  ];
  const poolsFile = JSON.stringify({ pools });
  scene = await openScene({ bucket, poolsFile });
  stores = poolFixturesOf(poolsFile, scene.platter.dataDirectory, bucket);
  root = NativeClient.by(scene.root);
  group = await makeGroup(scene);
  for (const mpid of [DISK, OTHER_DISK, BUCKET]) await assign(scene, group, { mpid });
});
afterEach(async () => expectNoDrift(scene.platter.database.url));

async function upload(type: string, pool: number = DISK, gid = group): Promise<string> {
  const order = { group: gid, pool, name: freshName(type), type, readonly: type === 'ISO' };
  return midOf(await scene.root.upload(order, CONTENT));
}

/** Requests a move, and resolves with the item when its job has ended. */
async function move(id: string, change: object, client = root): Promise<Item> {
  const { status, body, headers, text } = await client.call(`PATCH /media/${id}`, change);
  expect([status, text]).toEqual([202, text]);
  const job = body as Job;
  expect([body, headers.location]).toMatchObject([{ operation: 'move', media: id, source: id }, `/v1/jobs/${job.id}`]);
  const ended = await until('the move has ended', async () => {
    const now = await client.ask<Job>(`GET /jobs/${job.id}`);
    return now.state === 'running' ? null : now;
  });
  expect(ended).toMatchObject({ state: 'done', failure: null, copied_bytes: CONTENT.length });
  return root.ask<Item>(`GET /media/${id}`);
}

/** Resolves when the former bytes of moved items are deleted. */
async function untilPurged(): Promise<void> {
  await until('the former bytes are deleted', async () => {
    const rows = await rowsOf(scene.platter.database.url, `select id from media where state = 'removing'`);
    return rows.length === 0;
  });
}

/** Resolves when exactly one pool stores these bytes, under one name. */
async function untilOnlyIn(pool: number): Promise<string> {
  await untilPurged();
  return until('only the new pool has the bytes', async () => {
    const found: string[] = [];
    for (const [id, store] of stores) {
      for (const [name, size] of await store.stored()) if (size === CONTENT.length) found.push(`${id}/${name}`);
    }
    const [only, ...others] = found;
    return others.length === 0 && only?.startsWith(`${pool}/`) === true ? only : null;
  });
}

describe('PATCH /v1/media/{media} with a pool', () => {
  it.each([
    ['ISO', [OTHER_DISK, BUCKET, DISK]],
    ['DISK', [OTHER_DISK, DISK, BUCKET, OTHER_DISK]],
  ] as const)('carries the bytes of a %s from pool to pool', async (type, pools) => {
    const id = await upload(type);
    const before = await root.ask<Item>(`GET /media/${id}`);
    for (const pool of pools) {
      const item = await move(id, { pool });
      // On a disk, a hypervisor may write to a writable item at any time.
      const sha256 = type === 'ISO' || pool === BUCKET ? SHA256 : null;
      expect(item).toEqual({ ...before, pool, sha256, verified_at: item.verified_at });
      expect(Buffer.from((await root.call(`GET /media/${id}/content`)).bytes).equals(CONTENT)).toBe(true);
      const file = await untilOnlyIn(pool);
      // Hypervisors open the file of a writable item by its id.
      if (type === 'DISK' && pool !== BUCKET) expect(file).toBe(`${pool}/${id}`);
      for (const mpid of [DISK, OTHER_DISK, BUCKET]) {
        const { used } = await poolOf(scene, group, mpid);
        expect([mpid, used]).toEqual([mpid, mpid === pool ? CONTENT.length : 0]);
      }
    }
    await root.ask(`DELETE /media/${id}?permanent=true`);
  });

  it('moves to another group at the same time', async () => {
    const target = await makeGroup(scene);
    await assign(scene, target, { mpid: OTHER_DISK });
    const { client, uid } = await makeUser(scene, group, 'velocity.media.list', 'velocity.media.remove');
    for (const permission of ['list', 'create']) await give(scene, uid, target, `velocity.media.${permission}`);
    const id = await upload('ISO');
    const change = { group: target, pool: OTHER_DISK };
    expect(await move(id, change, NativeClient.by(client))).toMatchObject({ id, ...change });
    expect((await poolOf(scene, target, OTHER_DISK)).used).toBe(CONTENT.length);
    await root.ask(`DELETE /media/${id}?permanent=true`);
  });

  it('moves a disk of zeros, and one whose bytes a clone shares', async () => {
    const size = 1_000_000;
    const order = { name: freshName('zeros'), group, pool: DISK, size };
    const { id } = await root.ask<Item>('POST /media', order);
    for (const pool of [BUCKET, OTHER_DISK]) {
      await root.ask(`PATCH /media/${id}`, { pool });
      await until('it has moved', async () => (await root.ask<Item>(`GET /media/${id}`)).pool === pool);
      await untilPurged();
      expect((await root.call(`GET /media/${id}/content`)).bytes).toHaveLength(size);
    }
    await root.ask(`DELETE /media/${id}?permanent=true`);

    const shared = await upload('ISO');
    const { media: clone } = await root.ask<Job>(`POST /media/${shared}/clone`, { name: freshName('clone') });
    await until('the clone is ready', async () => (await root.ask<Item>(`GET /media/${clone}`)).state === 'ready');
    await move(shared, { pool: OTHER_DISK });
    for (const each of [shared, clone]) {
      expect((await root.call(`GET /media/${each}/content`)).bytes).toHaveLength(CONTENT.length);
      await root.ask(`DELETE /media/${each}?permanent=true`);
    }
  });

  it('refuses a taken name, a full pool, an unknown pool and an attached item, and charges nothing', async () => {
    const id = await upload('ISO');
    const { name } = await root.ask<Item>(`GET /media/${id}`);
    const taken = midOf(await scene.root.upload({ group, pool: OTHER_DISK, name }, CONTENT));
    expectProblem(await root.call(`PATCH /media/${id}`, { pool: OTHER_DISK }), 409, 'media-name-taken');
    await assign(scene, group, { mpid: BUCKET, quota: CONTENT.length - 1 });
    expectProblem(await root.call(`PATCH /media/${id}`, { pool: BUCKET }), 403, 'quota-exceeded');
    await assign(scene, group, { mpid: BUCKET });
    expectProblem(await root.call(`PATCH /media/${id}`, { pool: 99 }), 404, 'pool-not-found');
    const { name: user, client } = await makeUser(scene, group, 'velocity.media.list', 'velocity.media.create');
    await makeServer(new Cloud(scene.platter.url, user, user), [at(id)]);
    expectProblem(await NativeClient.by(client).call(`PATCH /media/${id}`, { pool: BUCKET }), 409, 'media-in-use');
    expect((await poolOf(scene, group, BUCKET)).used).toBe(0);
    await root.ask(`DELETE /media/${taken}?permanent=true`);
    await rowsOf(scene.platter.database.url, `delete from attachments where media_id = '${id}'`);
    await root.ask(`DELETE /media/${id}?permanent=true`);
  });

  it('shows the charge of the copy, keeps changes out, and leaves nothing when it is cancelled', async () => {
    const { database } = scene.platter;
    const id = await upload('DISK');
    const name = freshName('other');
    // A job that is due later: nothing runs it.
    await rowsOf(database.url, `alter table jobs alter column due_at set default now() + interval '1 day'`);
    const job = await root.ask<Job>(`PATCH /media/${id}`, { pool: OTHER_DISK });
    await rowsOf(database.url, `alter table jobs alter column due_at set default clock_timestamp()`);
    const { items } = await root.ask<{ items: readonly object[] }>(`GET /groups/${group}/usage/${OTHER_DISK}/entries`);
    expect(items).toMatchObject([{ kind: 'moving', size: CONTENT.length }]);
    expect(await root.ask<Item>(`GET /media/${id}`)).toMatchObject({ state: 'ready', pool: DISK });
    for (const change of [{ pool: BUCKET }, { name }, { size: 400_000 }, { read_only: true }]) {
      expectProblem(await root.call(`PATCH /media/${id}`, change), 409, 'media-busy');
    }
    const other = await makeGroup(scene);
    await assign(scene, other);
    expectProblem(await root.call(`PATCH /media/${id}`, { group: other }), 409, 'media-busy');
    expect(await root.ask<Item>(`PATCH /media/${id}`, { description: 'still' })).toMatchObject({
      description: 'still',
    });
    expect((await root.call(`DELETE /jobs/${job.id}`)).status).toBe(204);
    expect(await root.ask<Job>(`GET /jobs/${job.id}`)).toMatchObject({ state: 'failed', failure: 'cancelled' });
    expectProblem(await root.call(`DELETE /jobs/${job.id}`), 409, 'job-ended');
    expect((await poolOf(scene, group, OTHER_DISK)).used).toBe(0);
    await untilPurged();
    expect(await stores.get(OTHER_DISK)!.stored()).toEqual([]);
    await move(id, { pool: OTHER_DISK });
    await root.ask(`DELETE /media/${id}?permanent=true`);
  });
});
