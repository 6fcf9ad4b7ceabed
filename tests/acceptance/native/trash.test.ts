import { rowsOf } from '../../support/database/test-database.ts';
import { freshName } from '../../support/http/client.ts';
import { until } from '../../support/waiting/until.ts';
import { Cloud, drive } from '../cloudsigma/cloud.ts';
import { at, makeServer } from '../cloudsigma/server-fixtures.ts';
import {
  assign,
  makeAssignedGroup,
  makeGroup,
  makeUser,
  mediaOf,
  midOf,
  NO_MEDIA,
  openScene,
  poolOf,
  protect,
  type Scene,
} from '../velocity/scene.ts';
import { expectProblem, NativeClient } from './native-client.ts';

interface Page {
  readonly items: readonly { readonly id: string; readonly name: string; readonly size: number }[];
  readonly next_cursor: string | null;
  readonly total?: number;
}

let scene: Scene;
let root: NativeClient;
beforeAll(async () => {
  scene = await openScene();
  root = NativeClient.by(scene.root);
});

async function upload(group: number, name = freshName('media'), body = 'ten bytes.'): Promise<string> {
  return midOf(await scene.root.upload({ group, name }, body));
}

async function trash(id: string): Promise<void> {
  await root.ask(`DELETE /media/${id}`);
}

async function bytesOf(mid: string): Promise<string> {
  return (await scene.root.read(mid)).text;
}

describe('DELETE /v1/media/{media}', () => {
  it('moves an item to the trash, which no other call shows or changes', async () => {
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    const mid = await upload(gid, name);
    const answer = await root.call(`DELETE /media/${mid}`);
    expect([answer.status, answer.text]).toEqual([204, '']);

    expect(await mediaOf(scene, gid)).toEqual([]);
    expect((await poolOf(scene, gid)).used).toBe(10);
    const { name: user } = await makeUser(scene, gid, 'velocity.media.list', 'velocity.media.create');
    const cloud = new Cloud(scene.platter.url, user, user);
    const { objects } = await cloud.ask<{ objects: unknown[] }>('GET /drives/detail/');
    expect(objects).toEqual([]);
    for (const call of [`GET /drives/${mid}/`, `PUT /drives/${mid}/`, `POST /drives/${mid}/action/?do=clone`]) {
      expect((await cloud.call(call, call.startsWith('PUT') ? drive() : {})).status).toBe(404);
    }
    const attach = { name: 'server', cpu: 1000, mem: 268_435_456, vnc_password: 'x', drives: [at(mid)] };
    expect((await cloud.call('POST /servers/', attach)).status).toBe(404);
    expect((await scene.root.call('DELETE /m/media', { mid })).body).toMatchObject({ code: 9310 });
    expect((await scene.root.read(mid)).status).toBe(404);
    expectProblem(await root.call(`DELETE /media/${mid}`), 404, 'media-not-found');
    expectProblem(await root.call(`GET /media/${mid}/deletion`), 404, 'media-not-found');
    await upload(gid, name);
  });

  it('deletes for good when asked to, and nothing in a dry run', async () => {
    const gid = await makeAssignedGroup(scene);
    const mid = await upload(gid);
    for (const query of ['dry_run=true', 'dry_run=true&permanent=true']) {
      expect((await root.call(`DELETE /media/${mid}?${query}`)).status).toBe(204);
    }
    expect(await mediaOf(scene, gid)).toHaveLength(1);
    expect((await root.call(`DELETE /media/${mid}?permanent=true`)).status).toBe(204);
    expect((await poolOf(scene, gid)).used).toBe(0);
    expect((await root.ask<Page>(`GET /trash?group=${gid}`)).items).toEqual([]);
  });

  it('refuses items that are attached or protected, with the reason', async () => {
    const gid = await makeAssignedGroup(scene);
    const { name, client } = await makeUser(scene, gid, 'velocity.media.list', 'velocity.media.create');
    const held = midOf(await client.upload({ group: gid, name: freshName('media') }, 'a'));
    await makeServer(new Cloud(scene.platter.url, name, name), [at(held)]);
    expectProblem(await root.call(`DELETE /media/${held}?dry_run=true`), 409, 'media-in-use');
    expectProblem(await root.call(`DELETE /media/${held}`), 409, 'media-in-use');
    const kept = await upload(gid);
    await protect(scene, kept);
    expectProblem(await root.call(`DELETE /media/${kept}?permanent=true`), 409, 'media-protected');
  });

  it('refuses a protected item in every API, and its group, which lists it', async () => {
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    const mid = await upload(gid, name);
    expect(await root.ask(`PATCH /media/${mid}`, { protected: true })).toMatchObject({ protected: true });
    expectProblem(await root.call(`DELETE /media/${mid}`), 409, 'media-protected');
    expect(await root.ask(`GET /media/${mid}/deletion`)).toMatchObject({ deletable: false, protected: true });
    expect((await scene.root.call('DELETE /m/media', { mid })).body).toMatchObject({ code: 9321 });
    const refused = await scene.root.call('DELETE /u/group', { gid });
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining(name)]);
    const { name: user } = await makeUser(scene, gid, 'velocity.media.list', 'velocity.media.remove');
    const answer = await new Cloud(scene.platter.url, user, user).call(`DELETE /drives/${mid}/`);
    expect([answer.status, answer.body]).toMatchObject([403, [{ error_type: 'permission' }]]);
    await root.ask(`PATCH /media/${mid}`, { protected: false });
    await trash(mid);
  });

  it('is a 404 for callers who do not see the item, and a 403 without the right', async () => {
    const gid = await makeAssignedGroup(scene);
    const mid = await upload(gid);
    const stranger = await makeUser(scene, await makeGroup(scene), 'velocity.media.list', 'velocity.media.remove');
    const reader = await makeUser(scene, gid, 'velocity.media.list');
    expectProblem(await NativeClient.by(stranger.client).call(`DELETE /media/${mid}`), 404, 'media-not-found');
    expectProblem(await NativeClient.by(reader.client).call(`DELETE /media/${mid}`), 403, 'permission-missing');
    for (const id of [NO_MEDIA, 'none']) expectProblem(await root.call(`DELETE /media/${id}`), 404, 'media-not-found');
    expectProblem(await root.call(`DELETE /media/${mid}?force=true`), 400, 'malformed');
    await assign(scene, gid, { manage: false });
    expectProblem(await root.call(`DELETE /media/${mid}`), 403, 'not-manager');
  });
});

describe('GET /v1/media/{media}/deletion', () => {
  it('shows what holds the item, the clones that share its bytes, and what deleting it frees', async () => {
    const gid = await makeAssignedGroup(scene);
    const permissions = ['velocity.media.list', 'velocity.media.create', 'velocity.media.remove'];
    const { name, client } = await makeUser(scene, gid, ...permissions);
    const cloud = new Cloud(scene.platter.url, name, name);
    const mid = await upload(gid, 'image');
    const plan = async (): Promise<unknown> => NativeClient.by(client).ask(`GET /media/${mid}/deletion`);
    const free = {
      deletable: true,
      protected: false,
      servers: [],
      server_count: 0,
      clones: [],
      clone_count: 0,
      charge_freed: 10,
      bytes_freed: 10,
    };
    expect(await plan()).toEqual(free);

    const { objects } = await cloud.ask<{ objects: { uuid: string; name: string }[] }>(
      `POST /drives/${mid}/action/?do=clone`,
      { name: 'clone' },
    );
    const clone = objects[0]!.uuid;
    const shared = { ...free, clones: [{ id: clone, name: 'clone' }], clone_count: 1, bytes_freed: 0 };
    await until('the clone is ready', async () => {
      const { status } = await cloud.ask<{ status: string }>(`GET /drives/${clone}/`);
      return status === 'unmounted';
    });
    expect(await plan()).toEqual(shared);
    await trash(clone);
    expect(await plan()).toEqual({ ...shared, clones: [] });

    const { uuid } = await makeServer(cloud, [at(mid)]);
    const held = { deletable: false, server_count: 1 };
    expect(await plan()).toMatchObject({ ...held, servers: [{ id: uuid, owner: name }] });
    const reader = await makeUser(scene, gid, 'velocity.media.list');
    const seen = await NativeClient.by(reader.client).ask(`GET /media/${mid}/deletion`);
    expect(seen).toMatchObject({ ...held, servers: [] });
  });
});

describe('/v1/trash', () => {
  it('lists items page by page in each order, by group and subtree', async () => {
    const parent = await makeAssignedGroup(scene);
    const child = await makeGroup(scene, parent);
    await assign(scene, child);
    const [b, a, c] = [
      await upload(parent, freshName('b')),
      await upload(parent, freshName('a'), 'x'),
      await upload(child, freshName('c')),
    ];
    for (const id of [b, a, c]) await trash(id);
    const idsOf = async (query: string): Promise<readonly string[]> => {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: Page = await root.ask(`GET /trash?limit=1&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        found.push(...page.items.map(({ id }) => id));
        cursor = page.next_cursor;
      }
      return found;
    };
    const tree = `group=${parent}&subtree=true`;
    expect(await idsOf(tree)).toEqual([c, a, b]);
    expect(await idsOf(`${tree}&sort=trashed`)).toEqual([b, a, c]);
    expect(await idsOf(`${tree}&sort=name`)).toEqual([a, b, c]);
    expect((await idsOf(`${tree}&sort=-size`))[2]).toBe(a);
    expect(await idsOf(`group=${parent}`)).toEqual([a, b]);

    const { items, total } = await root.ask<Page>(`GET /trash?${tree}&total=true&sort=name`);
    expect([total, items[1]]).toEqual([
      3,
      {
        id: b,
        name: expect.stringMatching(/^b/) as string,
        group: parent,
        pool: 1,
        type: 'ISO',
        size: 10,
        trashed_at: expect.any(String) as string,
        trashed_by: expect.any(String) as string,
        expires_at: expect.any(String) as string,
      },
    ]);
    const { trashed_at, expires_at } = items[1] as unknown as Record<string, string>;
    expect(Date.parse(expires_at!) - Date.parse(trashed_at!)).toBe(7 * 86_400_000);

    const stranger = await makeUser(scene, await makeGroup(scene), 'velocity.media.list');
    expect((await NativeClient.by(stranger.client).ask<Page>('GET /trash')).items).toEqual([]);
    const ofChild = await makeUser(scene, child, 'velocity.media.list');
    expect((await NativeClient.by(ofChild.client).ask<Page>('GET /trash')).items).toMatchObject([{ id: c }]);
  });

  it('restores an item, under another name when its own is taken', async () => {
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    const mid = await upload(gid, name);
    await trash(mid);
    await upload(gid, name, 'another');
    expectProblem(await root.call(`POST /trash/${mid}/restore`, {}), 409, 'media-name-taken');
    expectProblem(await root.call(`POST /trash/${mid}/restore`, { name: '' }), 400, 'name-invalid');
    expect((await root.call(`POST /trash/${mid}/restore`, { name: `${name}-2` })).status).toBe(204);
    expect(await bytesOf(mid)).toBe('ten bytes.');
    expect((await mediaOf(scene, gid)).map((media) => media.name).sort()).toEqual([name, `${name}-2`]);
    expectProblem(await root.call(`POST /trash/${mid}/restore`, {}), 404, 'media-not-found');
  });

  it('is emptied item by item, by group, and by time', async () => {
    const gid = await makeAssignedGroup(scene);
    const ids = [await upload(gid), await upload(gid), await upload(gid)] as const;
    for (const id of ids) await trash(id);
    expect((await root.call(`DELETE /trash/${ids[0]}?dry_run=true`)).status).toBe(204);
    expect((await root.call(`DELETE /trash/${ids[0]}`)).status).toBe(204);
    expectProblem(await root.call(`DELETE /trash/${ids[0]}`), 404, 'media-not-found');
    expect(await root.ask(`DELETE /trash?group=${gid}&dry_run=true`)).toEqual({ deleted: 2 });
    await rowsOf(
      scene.platter.database.url,
      `update media set trashed_at = trashed_at - interval '7 days' where id = '${ids[1]}'`,
    );
    await until('one item expires', async () => (await poolOf(scene, gid)).used === 10);
    expect(await root.ask(`DELETE /trash?group=${gid}`)).toEqual({ deleted: 1 });
    expect((await poolOf(scene, gid)).used).toBe(0);
    await until('the bytes are gone', async () => {
      const stored = await scene.platter.stored();
      return ids.every((id) => stored.every(([file]) => file !== id));
    });
  });

  it('makes room for an upload that the quota of its group refuses', async () => {
    const gid = await makeAssignedGroup(scene, { quota: 15 });
    const first = await upload(gid);
    await trash(first);
    expect((await scene.root.upload({ group: gid, name: freshName('media') }, 'x'.repeat(16))).status).toBe(406);
    expect((await root.ask<Page>(`GET /trash?group=${gid}`)).items).toHaveLength(1);
    await upload(gid);
    expect((await root.ask<Page>(`GET /trash?group=${gid}`)).items).toEqual([]);
    expect((await poolOf(scene, gid)).used).toBe(10);
  });
});
