import { rowsOf } from '../../support/database/test-database.ts';
import { makeGroup, NOWHERE, openScene, type Scene } from '../velocity/scene.ts';
import { createDisk, openMediaScene, type MediaScene } from './media-scene.ts';
import { expectProblem, NativeClient } from './native-client.ts';

interface PoolUsage {
  readonly pool: { readonly id: number; readonly name: string };
  readonly used: Readonly<Record<string, number>>;
  readonly [field: string]: unknown;
}

interface Entries {
  readonly items: readonly { readonly id: string; readonly size: number; readonly [field: string]: unknown }[];
  readonly next_cursor: string | null;
  readonly total?: number;
  readonly used_bytes: number;
}

const QUOTA = 10_000;

let scene: Scene;
let media: MediaScene;
beforeAll(async () => {
  scene = await openScene();
  media = await openMediaScene(scene, QUOTA);
  for (const size of [3000, 1000, 5000]) await createDisk(media, size);
});

async function usage(client = media.owner, group = media.group): Promise<readonly PoolUsage[]> {
  return (await client.ask<{ items: readonly PoolUsage[] }>(`GET /groups/${group}/usage`)).items;
}

const entriesPath = (): string => `/groups/${media.group}/usage/1/entries`;

describe('GET /v1/groups/{group}/usage', () => {
  it('shows the quota, the limit that binds, a warning, and the parts of the usage', async () => {
    expect(await usage()).toEqual([
      {
        pool: { id: 1, name: expect.any(String) as string },
        quota_bytes: QUOTA,
        bound_by: { group: media.group, limit_bytes: QUOTA },
        available_bytes: 1000,
        warning: 80,
        used: {
          total_bytes: 9000,
          ready_bytes: 9000,
          uploading_bytes: 0,
          cloning_bytes: 0,
          importing_bytes: 0,
          moving_bytes: 0,
          trashed_bytes: 0,
        },
        items: 3,
        difference_bytes: 0,
        whole: null,
      },
    ]);
  });

  it('counts the groups below, which are bound by the group above', async () => {
    const below = await makeGroup(scene, media.group);
    await scene.root.ask('PUT /m/pool/assign', { gid: below, mpid: 1, quota: 0, write: true, manage: true });
    expect(await usage(media.owner, below)).toMatchObject([
      { quota_bytes: null, bound_by: { group: media.group }, available_bytes: 1000, used: { total_bytes: 0 } },
    ]);
    const { mid } = await media.velocity.ask<{ mid: string }>('PUT /m/media/create', {
      gid: below,
      mpid: 1,
      name: 'below',
      size: 600,
    });
    expect(await usage()).toMatchObject([{ warning: 95, used: { total_bytes: 9600, ready_bytes: 9600 } }]);
    await media.velocity.ask('DELETE /m/media', { mid });
  });

  it('counts items in the trash, which stay charged', async () => {
    const id = await createDisk(media, 500, 'to be trashed');
    expect((await media.owner.call(`DELETE /media/${id}`)).status).toBeLessThan(300);
    expect(await usage()).toMatchObject([
      { used: { total_bytes: 9500, ready_bytes: 9000, trashed_bytes: 500 }, items: 4, difference_bytes: 0 },
    ]);
    const { items } = await media.owner.ask<Entries>(`GET ${entriesPath()}?total=true`);
    expect(items.find((entry) => entry.id === id)).toMatchObject({ kind: 'trashed', group: media.group });
    await media.owner.ask(`DELETE /trash/${id}`);
    expect(await usage()).toMatchObject([{ used: { total_bytes: 9000, trashed_bytes: 0 } }]);
  });

  it('shows root the pool as a whole', async () => {
    const [pool] = await usage(NativeClient.by(scene.root), 0);
    expect(pool).toMatchObject({ quota_bytes: null, used: { total_bytes: 9000 } });
    const { used_bytes, free_bytes } = pool!.whole as { used_bytes: number; free_bytes: number };
    // Removed items count in the pool until their bytes are deleted.
    expect(used_bytes).toBeGreaterThanOrEqual(9000);
    expect(free_bytes).toBeGreaterThan(0);
  });

  it('shows the difference when a usage row is wrong', async () => {
    const database = scene.platter.database.url;
    const change = (by: number): Promise<unknown> =>
      rowsOf(database, `update usage set used = used + ${by} where group_id = ${media.group} returning 1`);
    for (const by of [17, -4000]) {
      await change(by);
      expect(await usage()).toMatchObject([
        { used: { total_bytes: 9000 + by, ready_bytes: 9000 }, difference_bytes: by },
      ]);
      expect(await media.owner.ask<Entries>(`GET ${entriesPath()}`)).toMatchObject({ used_bytes: 9000 + by });
      await change(-by);
    }
  });

  it('needs the permission; a group that the caller does not see does not exist', async () => {
    expectProblem(await media.member.call(`GET /groups/${media.group}/usage`), 403, 'permission-missing');
    expectProblem(await media.stranger.call(`GET /groups/${media.group}/usage`), 404, 'group-not-found');
    for (const group of [NOWHERE, 'x', '01']) {
      expectProblem(await media.owner.call(`GET /groups/${group}/usage`), 404, 'group-not-found');
    }
    expectProblem(await media.owner.call('GET /groups/0/usage'), 403, 'permission-missing');
  });
});

describe('GET /v1/groups/{group}/usage/{pool}/entries', () => {
  it('lists every charge, the largest first, page by page', async () => {
    const all = await media.owner.ask<Entries>(`GET ${entriesPath()}?total=true`);
    expect(all.total).toBe(3);
    expect(all.used_bytes).toBe(9000);
    expect(all.items.map(({ size }) => size)).toEqual([5000, 3000, 1000]);
    expect(all.items[0]).toEqual({
      id: expect.any(String) as string,
      kind: 'ready',
      size: 5000,
      name: expect.any(String) as string,
      type: 'DISK',
      group: media.group,
      created_at: expect.any(String) as string,
      created_by: { id: expect.any(Number) as number, name: media.ownerName },
    });
    const found = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Entries = await media.owner.ask(`GET ${entriesPath()}?limit=1${cursor && `&cursor=${cursor}`}`);
      found.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(found).toEqual(all.items);
  });

  it('needs the permission', async () => {
    expectProblem(await media.member.call(`GET ${entriesPath()}`), 403, 'permission-missing');
    expectProblem(await media.stranger.call(`GET ${entriesPath()}`), 404, 'group-not-found');
    expectProblem(await media.owner.call(`GET /groups/${media.group}/usage/9/entries`), 404, 'pool-not-found');
    const answer = await media.owner.call(`GET ${entriesPath()}?sort=name`);
    expectProblem(answer, 400, 'malformed');
  });
});
