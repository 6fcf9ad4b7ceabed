import { randomUUID } from 'node:crypto';
import { LongLists } from '../../../src/application/lists/long-lists.ts';
import { ListMedia } from '../../../src/application/media/list-media.ts';
import { Purge } from '../../../src/application/media/purge.ts';
import type { GroupId, MediaId } from '../../../src/domain/shared/ids.ts';
import type { BlobStores } from '../../../src/application/ports/blob-store.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { withHooks } from '../../support/fixtures/store-hooks.ts';
import { NEVER, patterned, sourceOf } from '../../support/files/byte-sources.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { ONE, openDepotFixture, orderOf, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const CONTENT = patterned(1000);

let fixture: DepotFixture;
let replica: Replica;
beforeEach(async () => {
  fixture = await openDepotFixture();
  replica = startReplica(fixture);
});
afterEach(async () => fixture.close());

async function upload(name: string): Promise<MediaId> {
  return replica.upload.run(fixture.root, orderOf(fixture, CONTENT.length, name), () => sourceOf(CONTENT), NEVER);
}

describe('ListMedia', () => {
  it('lists the finished items of the group, and not those of groups around it', async () => {
    const [first, second] = [await upload('b'), await upload('a')];
    const list = new ListMedia(fixture.work, new LongLists());
    const { items: found } = await list.run(fixture.root, fixture.group.id);
    expect(found.map(({ id, name, size, pool }) => [id, name, size, pool])).toEqual([
      [first, 'b', CONTENT.length, ONE],
      [second, 'a', CONTENT.length, ONE],
    ]);
    expect((await list.run(fixture.root, fixture.top.id)).items).toEqual([]);
  });

  it('is empty for a group that the caller sees only as an ancestor', async () => {
    await fixture.depot.work.run(async (tx) =>
      tx.assignments.store(fixture.top.id, ONE, { write: true, manage: true }),
    );
    const order = { ...orderOf(fixture, CONTENT.length, 'above'), group: fixture.top.id };
    await replica.upload.run(fixture.root, order, () => sourceOf(CONTENT), NEVER);
    const below = await makeUser(fixture.depot, 'below', fixture.group.id, 'velocity.group.view');
    expect((await new ListMedia(fixture.work, new LongLists()).run(below, fixture.top.id)).items).toEqual([]);
    await expect(new ListMedia(fixture.work, new LongLists()).run(below, fixture.group.id)).rejects.toMatchObject({
      code: 'permission-missing',
    });
  });

  it('requires the permission on the group, and reports a missing group only on the root', async () => {
    const list = new ListMedia(fixture.work, new LongLists());
    const ofGroup = await makeUser(fixture.depot, 'of group', fixture.group.id, 'velocity.media.list');
    const nowhere = 999 as GroupId;
    expect((await list.run(ofGroup, fixture.group.id)).items).toEqual([]);
    const above = await makeUser(fixture.depot, 'above', fixture.top.id, 'velocity.group.view');
    await expect(list.run(above, fixture.top.id)).rejects.toMatchObject({ code: 'permission-missing' });
    await expect(list.run(above, fixture.group.id)).rejects.toMatchObject({ code: 'permission-missing' });
    await expect(list.run(ofGroup, nowhere)).rejects.toMatchObject({ code: 'permission-missing' });
    await expect(list.run(fixture.root, nowhere)).rejects.toMatchObject({ code: 'group-not-found' });
  });
});

describe('Purge', () => {
  /** Returns a removed item whose bytes still exist. */
  async function takenOut(): Promise<MediaId> {
    const id = await upload('name');
    await fixture.depot.work.run(async (tx) => {
      const media = (await tx.media.lock(id))!;
      await tx.media.beginRemoval(id);
      await tx.usage.refund(fixture.group.path, media.pool, media.size, 1);
    });
    return id;
  }

  it('deletes the bytes, then the row, and refunds the pool', async () => {
    const id = await takenOut();
    expect(await fixture.poolUsage()).toBe(CONTENT.length);
    await replica.purge.run(id);
    await fixture.expectNothing();
  });

  it('does nothing for an item that is not being removed or does not exist', async () => {
    const id = await upload('name');
    await replica.purge.run(id);
    await replica.purge.run(randomUUID() as MediaId);
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
  });

  it('deletes the bytes again after a delay if requests of a dead writer may still arrive', async () => {
    const id = await takenOut();
    const { url } = fixture.depot;
    await rowsOf(url, `update media set lease_holder = '${randomUUID()}', lease_until = '-infinity'`);
    let removals = 0;
    const slow: BlobStores = {
      ...fixture.stores,
      of: (pool, location) => {
        const store = withHooks(fixture.stores, { beforeRemove: () => (removals += 1) }).of(pool, location);
        return { ...store, purgeDelaySeconds: 60 };
      },
    };
    const purge = new Purge(fixture.work, slow, fixture.pools);
    await purge.run(id);
    expect([removals, await fixture.states(), await fixture.poolUsage()]).toEqual([1, ['removing'], CONTENT.length]);
    await rowsOf(url, `update media set settled_at = clock_timestamp()`);
    await purge.run(id);
    expect(removals).toBe(2);
    await fixture.expectNothing();
  });

  it('refunds once, also with concurrent calls', async () => {
    const id = await takenOut();
    const others = Array.from({ length: 4 }, () => startReplica(fixture));
    await Promise.all(others.map(async ({ purge }) => purge.run(id)));
    await replica.purge.run(id);
    await fixture.expectNothing();
  });

  it('loses nothing while the pool cannot be reached', async () => {
    const id = await takenOut();
    const remount = await fixture.unmount(ONE);
    await expect(replica.purge.run(id)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await fixture.states()).toEqual(['removing']);
    expect(await fixture.poolUsage()).toBe(CONTENT.length);
    await remount();
    await replica.purge.run(id);
    await fixture.expectNothing();
  });

  it('loses nothing while the pool is not configured', async () => {
    const id = await takenOut();
    await new Purge(fixture.work, fixture.stores, [fixture.pools[1]!]).run(id);
    expect(await fixture.states()).toEqual(['removing']);
    expect(await fixture.files()).toEqual([id]);
  });

  it('deletes the row in its next run when the database failed after the bytes were deleted', async () => {
    const id = await takenOut();
    fixture.wire.cutAt('delete from media', 'before');
    await expect(replica.purge.run(id)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await fixture.files()).toEqual([]);
    expect(await fixture.states()).toEqual(['removing']);
    await replica.purge.run(id);
    await fixture.expectNothing();
  });
});
