import { readdir } from 'node:fs/promises';
import { freshName } from '../../support/http/client.ts';
import { until } from '../../support/waiting/until.ts';
import { libraryFile, untilReady } from '../cloudsigma/library-files.ts';
import { TusRequests } from '../tus/tus-requests.ts';
import { makeUser, midOf, NO_MEDIA, openScene, poolOf, type Scene } from '../velocity/scene.ts';
import { openMediaScene, type Item, type ItemPage, type MediaScene } from './media-scene.ts';
import { expectProblem, NativeClient } from './native-client.ts';

interface Job {
  readonly id: string;
  readonly state: string;
  readonly media: string;
  readonly [field: string]: unknown;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly total?: number;
}

/** Bytes per second: a copy of `LARGE` outlasts its test. */
const COPY_RATE = 2 * 1_048_576;
const LARGE = Buffer.alloc(48 * 1_048_576, 'x');

let scene: Scene;
let media: MediaScene;
let remover: NativeClient;
let lister: NativeClient;
beforeAll(async () => {
  const library = await libraryFile([
    { name: 'Harbour', os: 'linux', arch: '64', distribution: 'harbour', category: ['general'] },
    { name: 'A rescue system', os: 'linux', arch: '32', media: 'cdrom' },
  ]);
  scene = await openScene({ env: { PLATTER_COPY_RATE: String(COPY_RATE), PLATTER_LIBRARY_FILE: library } });
  media = await openMediaScene(scene);
  const { group } = media;
  remover = NativeClient.by((await makeUser(scene, group, 'velocity.media.list', 'velocity.media.remove')).client);
  lister = NativeClient.by((await makeUser(scene, group, 'velocity.media.list')).client);
});

async function ended(id: string): Promise<Job> {
  return until('the job ends', async () => {
    const job = await media.owner.ask<Job>(`GET /jobs/${id}`);
    return job.state === 'running' ? null : job;
  });
}

async function usedBytes(): Promise<number> {
  return (await poolOf(scene, media.group)).used;
}

describe('POST /v1/media', () => {
  it('creates an empty disk and answers it', async () => {
    const name = freshName('disk');
    const { status, headers, body } = await media.owner.call('POST /media', {
      name,
      group: media.group,
      pool: 1,
      size: 4096,
    });
    const item = body as Item;
    expect([status, headers.location]).toEqual([201, `/v1/media/${item.id}`]);
    expect(item).toMatchObject({ name, size: 4096, type: 'DISK', origin: { kind: 'create', through: 'native' } });
    expect(await media.owner.ask<Item>(`GET /media/${item.id}`)).toEqual(item);
    const again = await media.owner.call('POST /media', { name, group: media.group, pool: 1, size: 0 });
    expectProblem(again, 409, 'media-name-taken');
    await media.velocity.ask('DELETE /m/media', { mid: item.id });
  });

  it('refuses what its caller may not do, and unknown fields', async () => {
    const order = { name: freshName('disk'), group: media.group, pool: 1, size: 0 };
    for (const client of [media.member, lister]) {
      expectProblem(await client.call('POST /media', order), 403, 'permission-missing');
    }
    expectProblem(await media.stranger.call('POST /media', order), 404, 'group-not-found');
    expectProblem(await media.owner.call('POST /media', { ...order, pool: 99 }), 404, 'pool-not-found');
    const answer = await media.owner.call('POST /media', { ...order, colour: 'red' });
    expectProblem(answer, 400, 'malformed');
    expect(answer.body).toMatchObject({ field: 'colour' });
  });
});

describe('POST /v1/media/{media}/clone and GET /v1/jobs', () => {
  it('clones at once where no byte moves, and names the source', async () => {
    const order = { group: media.group, pool: 1, name: freshName('iso'), type: 'ISO', readonly: true };
    const source = midOf(await media.velocity.upload(order, 'an image'));
    const name = freshName('clone');
    const { status, headers, body } = await media.owner.call(`POST /media/${source}/clone`, { name });
    const job = body as Job;
    expect([status, headers.location]).toEqual([202, `/v1/jobs/${job.id}`]);
    expect(job).toMatchObject({
      operation: 'clone',
      source,
      group: media.group,
      created_by: { name: media.ownerName },
    });
    expect(await ended(job.id)).toMatchObject({ state: 'done', failure: null, media: job.media });
    expect(await media.owner.ask<Item>(`GET /media/${job.media}`)).toMatchObject({
      name,
      type: 'ISO',
      read_only: true,
      origin: { kind: 'clone', media: source, through: 'native' },
    });
    expect(await media.owner.ask<Item>(`GET /media/${source}`)).toMatchObject({ clones: [job.media] });
    expectProblem(await media.owner.call(`POST /media/${source}/clone`, { name }), 409, 'media-name-taken');
    const small = await media.owner.call(`POST /media/${source}/clone`, { name: freshName('small'), size: 1 });
    expectProblem(small, 400, 'clone-too-small');
    expectProblem(await media.stranger.call(`POST /media/${source}/clone`, { name: 'x' }), 404, 'media-not-found');
    expectProblem(await lister.call(`POST /media/${source}/clone`, { name: 'x' }), 403, 'permission-missing');
  });

  it('shows the progress of a copy to those who see its item, cancels it, and leaves nothing', async () => {
    const order = { group: media.group, pool: 1, name: freshName('large'), type: 'DISK', readonly: false };
    const source = midOf(await media.velocity.upload(order, LARGE));
    const before = await usedBytes();
    const name = freshName('copy');
    const job = await media.owner.ask<Job>(`POST /media/${source}/clone`, { name });
    const running = await until('bytes are copied', async () => {
      const found = await lister.ask<Job>(`GET /jobs/${job.id}`);
      return found.rate === null ? null : found;
    });
    expect(running).toMatchObject({ state: 'running', total_bytes: LARGE.length, media: job.media });
    expect(running.copied_bytes).toBeGreaterThan(0);
    expect(Date.parse(running.estimated_end_at as string)).toBeGreaterThan(Date.parse(running.modified_at as string));
    expect((await lister.ask<Page<Job>>('GET /jobs?state=running')).items.map(({ id }) => id)).toEqual([job.id]);
    expect((await media.stranger.ask<Page<Job>>('GET /jobs')).items).toEqual([]);
    expect(await usedBytes()).toBe(before + LARGE.length);

    expectProblem(await media.stranger.call(`DELETE /jobs/${job.id}`), 404, 'job-not-found');
    expectProblem(await lister.call(`DELETE /jobs/${job.id}`), 403, 'permission-missing');
    expect((await remover.call(`DELETE /jobs/${job.id}`)).status).toBe(204);
    expect(await usedBytes()).toBe(before);
    expectProblem(await media.owner.call(`GET /media/${job.media}`), 404, 'media-not-found');
    for (const client of [media.owner, lister]) {
      expect(await client.ask<Job>(`GET /jobs/${job.id}`)).toMatchObject({ state: 'failed', failure: 'cancelled' });
    }
    expectProblem(await media.stranger.call(`GET /jobs/${job.id}`), 404, 'job-not-found');
    expectProblem(await media.owner.call(`DELETE /jobs/${job.id}`), 409, 'job-ended');
    await until('no byte of it is left', async () => {
      const files = await readdir(scene.platter.poolFolder);
      return !files.some((file) => file.includes(job.media));
    });
    expect((await media.owner.call(`POST /media/${source}/clone`, { name, size: LARGE.length })).status).toBe(202);
    const [again] = (await media.owner.ask<Page<Job>>('GET /jobs?state=running')).items;
    expect((await media.owner.call(`DELETE /jobs/${again!.id}`)).status).toBe(204);
  });

  it('lists jobs, the newest first, by their state', async () => {
    const { items, total } = await media.owner.ask<Page<Job>>('GET /jobs?total=true');
    expect(items).toHaveLength(total!);
    expect((await media.owner.ask<Page<Job>>('GET /jobs?sort=created')).items).toEqual(items.toReversed());
    const done = await media.owner.ask<Page<Job>>('GET /jobs?state=done');
    expect(done.items).toEqual(items.filter(({ state }) => state === 'done'));
    expectProblem(await media.owner.call(`GET /jobs/${NO_MEDIA}`), 404, 'job-not-found');
    expectProblem(await media.owner.call('GET /jobs/no-id'), 404, 'job-not-found');
  });
});

describe('GET /v1/uploads', () => {
  it('lists open uploads to their creator and to those who may remove media, and aborts them', async () => {
    const tus = TusRequests.by(media.velocity);
    const name = freshName('upload');
    const location = await tus.created(10, { filename: name, group: String(media.group), pool: '1' });
    const id = location.split('/').at(-1)!;
    const { items } = await media.owner.ask<Page<Item>>('GET /uploads');
    expect(items).toEqual([
      {
        id,
        name,
        group: media.group,
        pool: 1,
        size: 10,
        offset: 0,
        state: 'open',
        created_at: expect.any(String) as string,
        last_activity_at: expect.any(String) as string,
        expires_at: expect.any(String) as string,
        created_by: { id: expect.any(Number) as number, name: media.ownerName },
      },
    ]);
    expect((await remover.ask<Page<Item>>('GET /uploads')).items).toEqual(items);
    for (const client of [lister, media.stranger, media.member]) {
      expect((await client.ask<Page<Item>>('GET /uploads')).items).toEqual([]);
      expectProblem(await client.call(`DELETE /uploads/${id}`), 404, 'unknown-upload');
    }
    expect((await media.owner.ask<ItemPage>('GET /media?state=uploading')).items.map((item) => item.id)).toEqual([id]);
    expect((await remover.call(`DELETE /uploads/${id}`)).status).toBe(204);
    expect((await media.owner.ask<Page<Item>>('GET /uploads')).items).toEqual([]);
    expectProblem(await media.owner.call(`DELETE /uploads/${id}`), 410, 'upload-gone');
  });
});

describe('GET /v1/library', () => {
  beforeAll(async () => untilReady(scene.platter));

  it.each<[query: string, names: readonly string[]]>([
    ['', ['A rescue system', 'Harbour']],
    ['?sort=-name', ['Harbour', 'A rescue system']],
    ['?arch=64', ['Harbour']],
    ['?category=general', ['Harbour']],
    ['?q=RESCUE', ['A rescue system']],
    ['?distribution=other', []],
  ])('lists %s', async (query, names) => {
    const { items } = await media.stranger.ask<Page<Item>>(`GET /library${query}`);
    expect(items.map(({ name }) => name)).toEqual(names);
  });

  it('lists what was published last first, page by page', async () => {
    type Drives = ItemPage & Page<{ readonly id: string; readonly published_at: string }>;
    const { items } = await media.owner.ask<Drives>('GET /library?sort=-created');
    const [newest, oldest] = items.map(({ published_at: time }) => time);
    expect(newest! > oldest!).toBe(true);
    const first = await media.owner.ask<Drives>('GET /library?sort=created&limit=1');
    const second = await media.owner.ask<Drives>(`GET /library?sort=created&limit=1&cursor=${first.next_cursor}`);
    expect([...second.items, ...first.items].map(({ id }) => id)).toEqual(items.map(({ id }) => id));
  });

  it('goes on at a cursor', async () => {
    const first = await media.owner.ask<ItemPage>('GET /library?limit=1&total=true');
    expect(first).toMatchObject({ items: [{ name: 'A rescue system', type: 'ISO', os: 'linux' }], total: 2 });
    const second = await media.owner.ask<ItemPage>(`GET /library?limit=1&cursor=${first.next_cursor}`);
    expect(second).toMatchObject({ items: [{ name: 'Harbour', type: 'DISK' }], next_cursor: null });
  });

  it('clones a drive into the home group, or into another one', async () => {
    const [drive] = (await media.owner.ask<Page<Item>>('GET /library?arch=64')).items;
    const order = { name: freshName('from the library') };
    const job = await media.owner.ask<Job>(`POST /library/${drive!.id}/clone`, order);
    expect(await ended(job.id)).toMatchObject({ state: 'done', group: media.group });
    expect(await media.owner.ask<Item>(`GET /media/${job.media}`)).toMatchObject({
      type: 'DISK',
      read_only: false,
      origin: { kind: 'library', media: drive!.id },
    });
    expectProblem(await media.owner.call(`POST /media/${drive!.id}/clone`, order), 403, 'media-published');
    expectProblem(await media.owner.call(`POST /library/${job.media}/clone`, order), 404, 'media-not-found');
    expectProblem(await media.member.call(`POST /library/${drive!.id}/clone`, order), 403, 'home-group-missing');
  });
});
