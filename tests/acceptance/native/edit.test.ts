import { freshName } from '../../support/http/client.ts';
import { until } from '../../support/waiting/until.ts';
import { makeUser, midOf, NO_MEDIA, openScene, poolOf, type Scene } from '../velocity/scene.ts';
import { createDisk, openMediaScene, type Item, type MediaScene } from './media-scene.ts';
import { expectProblem, NativeClient } from './native-client.ts';

let scene: Scene;
let media: MediaScene;
let lister: NativeClient;
beforeAll(async () => {
  scene = await openScene();
  media = await openMediaScene(scene, 1_000_000);
  lister = NativeClient.by((await makeUser(scene, media.group, 'velocity.media.list')).client);
});

describe('PATCH /v1/media/{media}', () => {
  it('changes what it is called and described as, and answers the item with its ETag', async () => {
    const id = await createDisk(media, 100);
    const name = freshName('renamed');
    const { status, headers, body } = await media.owner.call(`PATCH /media/${id}`, {
      name,
      type: 'IPSW',
      description: 'For the new hosts.',
      tags: [],
    });
    expect([status, body]).toMatchObject([
      200,
      { id, name, type: 'IPSW', description: 'For the new hosts.', tags: [] },
    ]);
    const read = await media.owner.call(`GET /media/${id}`);
    expect([read.body, read.headers.etag]).toEqual([body, headers.etag]);
    expect(await media.owner.ask<Item>(`PATCH /media/${id}`, { description: null })).toMatchObject({
      name,
      description: null,
    });
    const { media: listed } = await media.velocity.ask<{ media: readonly { mid: string; name: string }[] }>(
      'POST /m/media/list',
      { gid: media.group },
    );
    expect(listed.find(({ mid }) => mid === id)).toMatchObject({ name });
  });

  it('changes only the item that the client knows', async () => {
    const id = await createDisk(media, 100);
    const { etag } = (await media.owner.call(`GET /media/${id}`)).headers;
    const changed = await media.owner.call(`PATCH /media/${id}`, { description: 'one' }, { 'if-match': etag });
    expect(changed.status).toBe(200);
    const outdated = await media.owner.call(`PATCH /media/${id}`, { size: 200 }, { 'if-match': etag });
    expectProblem(outdated, 412, 'precondition-failed');
    expect(await media.owner.ask<Item>(`GET /media/${id}`)).toMatchObject({ description: 'one', size: 100 });
    const { status } = await media.owner.call(
      `PATCH /media/${id}`,
      { size: 200 },
      { 'if-match': changed.headers.etag },
    );
    expect(status).toBe(200);
  });

  it('changes the size, within the quota', async () => {
    const id = await createDisk(media, 1000);
    const before = (await poolOf(scene, media.group)).used;
    expect(await media.owner.ask<Item>(`PATCH /media/${id}`, { size: 5000, name: freshName('larger') })).toMatchObject({
      size: 5000,
      virtual_size: 5000,
    });
    expect((await poolOf(scene, media.group)).used).toBe(before + 4000);
    expectProblem(await media.owner.call(`PATCH /media/${id}`, { size: 2_000_000 }), 403, 'quota-exceeded');
  });

  it('makes an item read-only, and writable again, without another type', async () => {
    const order = { group: media.group, pool: 1, name: freshName('disk'), type: 'DISK', readonly: false };
    const id = midOf(await media.velocity.upload(order, 'the bytes'));
    expect(await media.owner.ask<Item>(`PATCH /media/${id}`, { read_only: true })).toMatchObject({
      type: 'DISK',
      read_only: true,
    });
    const clone = await media.owner.ask<{ media: string }>(`POST /media/${id}/clone`, {
      name: freshName('shared'),
      type: 'ISO',
    });
    await until('the clone is ready', async () => {
      return (await media.owner.ask<Item>(`GET /media/${clone.media}`)).state === 'ready';
    });
    await media.owner.ask(`PATCH /media/${id}`, { read_only: false });
    const writable = await until('it has bytes of its own', async () => {
      const item = await media.owner.ask<Item>(`GET /media/${id}`);
      return item.read_only === false ? item : null;
    });
    expect(writable).toMatchObject({ type: 'DISK', stored_bytes: 9 });
    expect((await media.owner.call(`GET /media/${id}/content`)).text).toBe('the bytes');
  });

  it('refuses a taken name, unknown tags and fields, and changes nothing then', async () => {
    const [id, other] = [await createDisk(media, 10), await createDisk(media, 10)];
    const before = await media.owner.ask<Item>(`GET /media/${id}`);
    const { name } = await media.owner.ask<Item>(`GET /media/${other}`);
    const taken = await media.owner.call(`PATCH /media/${id}`, { name, size: 20, description: 'x' });
    expectProblem(taken, 409, 'media-name-taken');
    expectProblem(await media.owner.call(`PATCH /media/${id}`, { tags: [NO_MEDIA] }), 404, 'named-tag-not-found');
    expectProblem(await media.owner.call(`PATCH /media/${id}`, { name: 'a\nb' }), 400, 'name-invalid');
    expectProblem(await media.owner.call(`PATCH /media/${id}`, { id: other }), 400, 'malformed');
    expect(await media.owner.ask<Item>(`GET /media/${id}`)).toEqual(before);
  });

  it('needs the permission; what a caller does not see does not exist', async () => {
    const id = await createDisk(media, 10);
    expectProblem(await lister.call(`PATCH /media/${id}`, { description: 'x' }), 403, 'permission-missing');
    for (const client of [media.member, media.stranger]) {
      expectProblem(await client.call(`PATCH /media/${id}`, { description: 'x' }), 404, 'media-not-found');
    }
  });
});
