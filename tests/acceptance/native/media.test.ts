import { createHash } from 'node:crypto';
import { freshName } from '../../support/http/client.ts';
import { makeGroup, midOf, NO_MEDIA, openScene, type Scene } from '../velocity/scene.ts';
import { createDisk, openMediaScene, type Item, type ItemPage, type MediaScene } from './media-scene.ts';
import { expectProblem, NativeClient } from './native-client.ts';

const BODY = Buffer.from('the bytes of an item');
const DIGEST = createHash('sha256').update(BODY).digest('hex');

let scene: Scene;
let media: MediaScene;
let uploaded: string;
let disk: string;
beforeAll(async () => {
  scene = await openScene();
  media = await openMediaScene(scene);
  disk = await createDisk(media, 4096, 'b disk');
  const order = { group: media.group, pool: 1, name: 'An upload', type: 'ISO', readonly: true };
  uploaded = midOf(await media.velocity.upload(order, BODY));
});

describe('GET /v1/media', () => {
  it('shows what the lists of the other dialects show, with all facts', async () => {
    const { items, next_cursor, total } = await media.owner.ask<ItemPage>('GET /media?sort=name&total=true');
    const owner = await media.owner.ask<{ id: number }>('GET /session');
    expect(next_cursor).toBeNull();
    expect(total).toBe(2);
    expect(items).toEqual([
      {
        id: uploaded,
        name: 'An upload',
        group: media.group,
        pool: 1,
        type: 'ISO',
        size: BODY.length,
        stored_bytes: BODY.length,
        read_only: true,
        protected: false,
        state: 'ready',
        format: 'raw',
        virtual_size: BODY.length,
        volume_label: null,
        encrypted: false,
        sha256: DIGEST,
        in_use: false,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\.\d{6}Z$/) as string,
        created_by: { id: owner.id, name: media.ownerName },
      },
      expect.objectContaining({ id: disk, size: 4096, stored_bytes: 0, read_only: false, sha256: null }),
    ]);
  });

  it.each<[query: string, names: readonly string[]]>([
    ['sort=size', ['An upload', 'b disk']],
    ['sort=-size', ['b disk', 'An upload']],
    ['sort=created', ['b disk', 'An upload']],
    ['type=ISO', ['An upload']],
    ['format=iso', []],
    ['q=AN%20U', ['An upload']],
    ['state=ready&sort=name', ['An upload', 'b disk']],
    ['state=uploading', []],
    [`sha256=${DIGEST.toUpperCase()}`, ['An upload']],
    ['pool=2', []],
  ])('lists with ?%s', async (query, names) => {
    const { items } = await media.owner.ask<ItemPage>(`GET /media?group=${media.group}&${query}`);
    expect(items.map(({ name }) => name)).toEqual(names);
  });

  it('continues at a cursor, also while items are inserted', async () => {
    const first = await media.owner.ask<ItemPage>(`GET /media?limit=1&sort=-created&group=${media.group}`);
    const extra = await createDisk(media);
    const second = await media.owner.ask<ItemPage>(
      `GET /media?limit=1&sort=-created&group=${media.group}&cursor=${first.next_cursor}`,
    );
    await media.velocity.ask('DELETE /m/media', { mid: extra });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([uploaded, disk]);
  });

  it('lists the items of a subtree', async () => {
    const below = await makeGroup(scene, media.group);
    expect((await media.owner.ask<ItemPage>(`GET /media?group=${below}&subtree=true`)).items).toEqual([]);
    expect((await media.owner.ask<ItemPage>('GET /media?group=0&subtree=true')).items).toHaveLength(2);
    expect((await media.owner.ask<ItemPage>('GET /media?group=0')).items).toEqual([]);
  });

  it('answers 304 to a client that has the page', async () => {
    const { etag } = (await media.owner.call('GET /media')).headers;
    const again = await media.owner.call('GET /media', undefined, { 'if-none-match': etag });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('shows nothing to users without the permission', async () => {
    for (const client of [media.member, media.stranger]) {
      expect((await client.ask<ItemPage>(`GET /media?group=${media.group}`)).items).toEqual([]);
    }
    expectProblem(await new NativeClient(scene.platter.url).call('GET /media'), 401, 'not-authenticated');
  });

  it.each([
    ['q=ab', 'q'],
    ['format=floppy', 'format'],
    ['sha256=xyz', 'sha256'],
    ['group=x', 'group'],
    ['state=trashed', 'state'],
    ['q=a%00b', 'q'],
  ])('refuses ?%s', async (query, field) => {
    const answer = await media.owner.call(`GET /media?${query}`);
    expectProblem(answer, 400, 'malformed');
    expect(answer.body).toMatchObject({ field });
  });
});

describe('GET /v1/media/{media}', () => {
  it('shows all facts, with the origin', async () => {
    const answer = await media.owner.call(`GET /media/${uploaded}`);
    expect(answer.status).toBe(200);
    const item = answer.body as Item;
    expect(item).toMatchObject({
      id: uploaded,
      description: null,
      tags: [],
      origin: {
        kind: 'upload',
        media: null,
        url: null,
        by: { name: media.ownerName },
        at: item.created_at,
        through: 'velocity',
      },
      used_by: { servers: [], count: 0 },
      clones: [],
      verified_at: null,
      damaged: false,
    });
    const [listed] = (await media.owner.ask<ItemPage>(`GET /media?sha256=${DIGEST}`)).items;
    expect(item).toMatchObject(listed!);
    const { headers } = await media.owner.call(`GET /media/${uploaded}`);
    expect(headers.etag).toBe(answer.headers.etag);
    const again = await media.owner.call(`GET /media/${uploaded}`, undefined, { 'if-none-match': headers.etag });
    expect(again.status).toBe(304);
    expect(await media.owner.ask<Item>(`GET /media/${disk}`)).toMatchObject({ origin: { kind: 'create' } });
  });

  it('does not exist for users who may not list it', async () => {
    for (const client of [media.member, media.stranger]) {
      for (const id of [uploaded, NO_MEDIA, 'no-id']) {
        expectProblem(await client.call(`GET /media/${id}`), 404, 'media-not-found');
      }
    }
  });
});

describe('GET /v1/media/{media}/content', () => {
  it('serves the bytes, ranges of them and their head', async () => {
    const { status, text, headers } = await media.owner.call(`GET /media/${uploaded}/content`);
    expect([status, text]).toEqual([200, BODY.toString()]);
    expect(headers['repr-digest']).toBe(`sha-256=:${Buffer.from(DIGEST, 'hex').toString('base64')}:`);
    const range = await media.owner.call(`GET /media/${uploaded}/content`, undefined, { range: 'bytes=4-8' });
    expect([range.status, range.text]).toEqual([206, 'bytes']);
    const head = await media.owner.call(`HEAD /media/${uploaded}/content`);
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', String(BODY.length)]);
    const same = await media.owner.call(`GET /media/${uploaded}/content`, undefined, { 'if-none-match': headers.etag });
    expect(same.status).toBe(304);
  });

  it('does not exist for strangers', async () => {
    expectProblem(await media.stranger.call(`GET /media/${uploaded}/content`), 404, 'media-not-found');
    expectProblem(await media.owner.call(`GET /media/${NO_MEDIA}/content`), 404, 'media-not-found');
  });
});

it('answers with the name of an item as it is', async () => {
  const name = `${freshName('n')} "\u2603\u{1F600}"`;
  const id = await createDisk(media, 0, name);
  expect(await media.owner.ask<Item>(`GET /media/${id}`)).toMatchObject({ name });
});
