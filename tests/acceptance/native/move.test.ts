import { rowsOf } from '../../support/database/test-database.ts';
import { freshName } from '../../support/http/client.ts';
import { gate, type Gate } from '../../support/waiting/gate.ts';
import { Cloud } from '../cloudsigma/cloud.ts';
import { at, makeServer } from '../cloudsigma/server-fixtures.ts';
import { expectNoDrift } from '../../support/fixtures/usage-drift.ts';
import {
  assign,
  give,
  makeGroup,
  makeUser,
  NO_MEDIA,
  NOWHERE,
  openScene,
  poolOf,
  protect,
  untilAdmitted,
  type Scene,
} from '../velocity/scene.ts';
import { createDisk, openMediaScene, type Item, type MediaScene } from './media-scene.ts';
import { expectProblem, NativeClient } from './native-client.ts';

let scene: Scene;
let media: MediaScene;
let target: number;
/** Holds the rights to move an item from the one group to the other. */
let mover: NativeClient;
let moverId: number;
beforeAll(async () => {
  scene = await openScene();
  media = await openMediaScene(scene);
  target = await makeGroup(scene);
  await assign(scene, target);
  const user = await makeUser(scene, media.group, 'velocity.media.list', 'velocity.media.remove');
  moverId = user.uid;
  mover = NativeClient.by(user.client);
  for (const permission of ['list', 'create']) await give(scene, user.uid, target, `velocity.media.${permission}`);
});
afterEach(async () => expectNoDrift(scene.platter.database.url));

describe('PATCH /v1/media/{media} with a group', () => {
  it('moves the item with its charge, and every API shows it in its new group at once', async () => {
    const id = await createDisk(media, 1000);
    const [left, entered] = [(await poolOf(scene, media.group)).used, (await poolOf(scene, target)).used];
    const { status, body, headers } = await mover.call(`PATCH /media/${id}`, { group: target });
    expect([status, body]).toMatchObject([200, { id, group: target, size: 1000, state: 'ready' }]);
    expect((await mover.call(`GET /media/${id}`)).headers.etag).toBe(headers.etag);
    expect((await poolOf(scene, media.group)).used).toBe(left - 1000);
    expect((await poolOf(scene, target)).used).toBe(entered + 1000);
    const listed = await scene.root.ask<{ media: readonly { mid: string }[] }>('POST /m/media/list', { gid: target });
    expect(listed.media.map(({ mid }) => mid)).toContain(id);
    const before = await media.velocity.ask<{ media: readonly { mid: string }[] }>('POST /m/media/list', {
      gid: media.group,
    });
    expect(before.media.map(({ mid }) => mid)).not.toContain(id);
    expectProblem(await media.owner.call(`GET /media/${id}`), 404, 'media-not-found');
  });

  it('changes other fields with it, only if the client knows the item', async () => {
    const id = await createDisk(media, 10);
    const name = freshName('moved');
    const both = await makeUser(
      scene,
      media.group,
      'velocity.media.list',
      'velocity.media.remove',
      'velocity.media.create',
    );
    for (const permission of ['list', 'create']) await give(scene, both.uid, target, `velocity.media.${permission}`);
    const client = NativeClient.by(both.client);
    const change = { group: target, name, size: 20, description: 'elsewhere' };
    const unknown = await client.call(`PATCH /media/${id}`, change, { 'if-match': '"another"' });
    expectProblem(unknown, 412, 'precondition-failed');
    const { etag } = (await client.call(`GET /media/${id}`)).headers;
    const { status, body } = await client.call(`PATCH /media/${id}`, change, { 'if-match': etag });
    expect([status, body]).toMatchObject([200, { ...change, id }]);
  });

  it('counts groups above both only once, and no limit of theirs refuses it', async () => {
    const [one, other] = [await makeGroup(scene, media.group), await makeGroup(scene, media.group)];
    for (const group of [one, other]) await assign(scene, group, { quota: 5000 });
    const root = NativeClient.by(scene.root);
    const { id } = await root.ask<Item>('POST /media', { name: freshName('disk'), group: one, pool: 1, size: 4000 });
    const { used } = await poolOf(scene, media.group);
    await assign(scene, media.group, { quota: used });
    try {
      expect(await root.ask<Item>(`PATCH /media/${id}`, { group: other })).toMatchObject({ group: other });
      expect((await poolOf(scene, media.group)).used).toBe(used);
      expect(await root.ask<Item>(`PATCH /media/${id}`, { group: media.group })).toMatchObject({ group: media.group });
      expect((await poolOf(scene, other)).used).toBe(0);
    } finally {
      await assign(scene, media.group);
    }
  });

  it('is refused by a limit of the new group, and changes nothing then', async () => {
    const small = await makeGroup(scene);
    await assign(scene, small, { quota: 99 });
    const id = await createDisk(media, 100);
    const refused = await NativeClient.by(scene.root).call(`PATCH /media/${id}`, { group: small, description: 'no' });
    expectProblem(refused, 403, 'quota-exceeded');
    expect(refused.body).toMatchObject({ needed_bytes: 100, available_bytes: 99 });
    expect(await media.owner.ask<Item>(`GET /media/${id}`)).toMatchObject({ group: media.group, description: null });
  });

  it('needs removal in the old group, creation in the new one, and both to manage the pool', async () => {
    const id = await createDisk(media, 10);
    const root = NativeClient.by(scene.root);
    const move = { group: target };
    const maker = await makeUser(scene, media.group, 'velocity.media.list', 'velocity.media.create');
    for (const permission of ['list', 'create']) await give(scene, maker.uid, target, `velocity.media.${permission}`);
    expectProblem(await NativeClient.by(maker.client).call(`PATCH /media/${id}`, move), 403, 'permission-missing');
    const remover = await makeUser(scene, media.group, 'velocity.media.list', 'velocity.media.remove');
    await give(scene, remover.uid, target, 'velocity.media.list');
    expectProblem(await NativeClient.by(remover.client).call(`PATCH /media/${id}`, move), 403, 'permission-missing');
    const bare = await makeGroup(scene);
    expectProblem(await root.call(`PATCH /media/${id}`, { group: bare }), 403, 'not-manager');
    await assign(scene, bare, { manage: false });
    expectProblem(await root.call(`PATCH /media/${id}`, { group: bare }), 403, 'not-manager');
    await assign(scene, media.group, { manage: false });
    expectProblem(await mover.call(`PATCH /media/${id}`, move), 403, 'not-manager');
    await assign(scene, media.group);
    await mover.ask<Item>(`PATCH /media/${id}`, move);
  });

  it('hides groups and items that the caller does not see', async () => {
    const id = await createDisk(media, 10);
    const hidden = await makeGroup(scene);
    for (const group of [hidden, NOWHERE]) {
      expectProblem(await mover.call(`PATCH /media/${id}`, { group }), 404, 'group-not-found');
    }
    expectProblem(await media.stranger.call(`PATCH /media/${id}`, { group: target }), 404, 'media-not-found');
    expectProblem(await mover.call(`PATCH /media/${NO_MEDIA}`, { group: target }), 404, 'media-not-found');
  });

  it('answers only the id to a caller who may not list the items of the new group', async () => {
    const blind = await makeGroup(scene);
    await assign(scene, blind);
    await give(scene, moverId, blind, 'velocity.media.create');
    const id = await createDisk(media, 10);
    expect((await mover.call(`PATCH /media/${id}`, { group: blind })).body).toEqual({ id });
  });

  it('moves protected items, and refuses those that are attached, unfinished or in the trash', async () => {
    const kept = await createDisk(media, 10);
    await protect(scene, kept);
    expect(await mover.ask<Item>(`PATCH /media/${kept}`, { group: target })).toMatchObject({ protected: true });

    const attached = await createDisk(media, 10);
    await makeServer(new Cloud(scene.platter.url, media.ownerName, media.ownerName), [at(attached)]);
    expectProblem(await mover.call(`PATCH /media/${attached}`, { group: target }), 409, 'media-in-use');

    const trashed = await createDisk(media, 10);
    await media.owner.ask(`DELETE /media/${trashed}`);
    expectProblem(await mover.call(`PATCH /media/${trashed}`, { group: target }), 404, 'media-not-found');

    const name = freshName('upload');
    const go = gate();
    const uploading = media.velocity.upload({ group: media.group, name, headers: { 'content-length': 2 } }, body(go));
    await untilAdmitted(scene, name);
    const [row] = await rowsOf(scene.platter.database.url, `select id from media where name = '${name}'`);
    expectProblem(await mover.call(`PATCH /media/${String(row?.id)}`, { group: target }), 409, 'media-busy');
    go.open();
    expect((await uploading).status).toBe(200);
  });

  it('is recorded for both groups', async () => {
    const id = await createDisk(media, 10);
    await mover.ask<Item>(`PATCH /media/${id}`, { group: target });
    const root = NativeClient.by(scene.root);
    for (const group of [media.group, target]) {
      const { items } = await root.ask<{ items: readonly object[] }>(
        `GET /audit?group=${group}&action=media.move&limit=1`,
      );
      expect(items).toMatchObject([{ action: 'media.move', details: { fromGroup: media.group, toGroup: target } }]);
    }
  });
});

async function* body(go: Gate): AsyncGenerator<Uint8Array> {
  yield Buffer.from('a');
  await go.opened;
  yield Buffer.from('b');
}
