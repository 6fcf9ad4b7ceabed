import { randomUUID } from 'node:crypto';
import { LongLists } from '../../../src/application/lists/long-lists.ts';
import { ListMedia } from '../../../src/application/media/list-media.ts';
import { Purge } from '../../../src/application/media/purge.ts';
import type { GroupId, MediaId } from '../../../src/domain/shared/ids.ts';
import type { BlobStores } from '../../../src/application/ports/blob-store.ts';
import { rowsOf } from '../../support/postgres.ts';
import { watched } from '../../support/watched-store.ts';
import { NEVER, patterned, sourceOf } from '../../support/byte-sources.ts';
import { makeUser } from '../../support/people.ts';
import { startReplica, type Replica } from '../../support/replica.ts';
import { ONE, openYard, orderOf, type Yard } from '../../support/yard.ts';

const CONTENT = patterned(1000);

let yard: Yard;
let replica: Replica;
beforeEach(async () => {
  yard = await openYard();
  replica = startReplica(yard);
});
afterEach(async () => yard.close());

async function upload(name: string): Promise<MediaId> {
  return replica.upload.run(yard.root, orderOf(yard, CONTENT.length, name), () => sourceOf(CONTENT), NEVER);
}

describe('ListMedia', () => {
  it('lists the finished media of the group, and not those of groups around it', async () => {
    const [first, second] = [await upload('b'), await upload('a')];
    const list = new ListMedia(yard.work, new LongLists());
    const { items: found } = await list.run(yard.root, yard.group.id);
    expect(found.map(({ id, name, size, pool }) => [id, name, size, pool])).toEqual([
      [first, 'b', CONTENT.length, ONE],
      [second, 'a', CONTENT.length, ONE],
    ]);
    expect((await list.run(yard.root, yard.top.id)).items).toEqual([]);
  });

  it('is empty for a group that is only above those of the caller, whatever it has', async () => {
    await yard.depot.work.run(async (tx) => tx.assignments.store(yard.top.id, ONE, { write: true, manage: true }));
    const order = { ...orderOf(yard, CONTENT.length, 'above'), group: yard.top.id };
    await replica.upload.run(yard.root, order, () => sourceOf(CONTENT), NEVER);
    const below = await makeUser(yard.depot, 'below', yard.group.id, 'velocity.group.view');
    expect((await new ListMedia(yard.work, new LongLists()).run(below, yard.top.id)).items).toEqual([]);
    await expect(new ListMedia(yard.work, new LongLists()).run(below, yard.group.id)).rejects.toMatchObject({
      code: 'permission-missing',
    });
  });

  it('needs the permission on the group, and tells of groups that there are not only on the root', async () => {
    const list = new ListMedia(yard.work, new LongLists());
    const ofGroup = await makeUser(yard.depot, 'of group', yard.group.id, 'velocity.media.list');
    const nowhere = 999 as GroupId;
    expect((await list.run(ofGroup, yard.group.id)).items).toEqual([]);
    const above = await makeUser(yard.depot, 'above', yard.top.id, 'velocity.group.view');
    await expect(list.run(above, yard.top.id)).rejects.toMatchObject({ code: 'permission-missing' });
    await expect(list.run(above, yard.group.id)).rejects.toMatchObject({ code: 'permission-missing' });
    await expect(list.run(ofGroup, nowhere)).rejects.toMatchObject({ code: 'permission-missing' });
    await expect(list.run(yard.root, nowhere)).rejects.toMatchObject({ code: 'group-not-found' });
  });
});

describe('Purge', () => {
  /** Media that are taken out of use, with their bytes still there. */
  async function takenOut(): Promise<MediaId> {
    const id = await upload('name');
    await yard.depot.work.run(async (tx) => {
      const media = (await tx.media.lock(id))!;
      await tx.media.beginRemoval(id);
      await tx.usage.giveBack(yard.group.path, media.pool, media.size, 1);
    });
    return id;
  }

  it('takes the bytes, then the row, and gives the pool its room back', async () => {
    const id = await takenOut();
    expect(await yard.inPool()).toBe(CONTENT.length);
    await replica.purge.run(id);
    await yard.expectNothing();
  });

  it('leaves alone what is not being removed, or not there', async () => {
    const id = await upload('name');
    await replica.purge.run(id);
    await replica.purge.run(randomUUID() as MediaId);
    expect((await yard.content(id)).equals(CONTENT)).toBe(true);
  });

  it('takes the bytes away twice, some time apart, where a dead bringer may be heard of after its death', async () => {
    const id = await takenOut();
    const { url } = yard.depot;
    await rowsOf(url, `update media set lease_holder = '${randomUUID()}', lease_until = '-infinity'`);
    let removals = 0;
    const slow: BlobStores = {
      ...yard.stores,
      of: (pool, place) => {
        const store = watched(yard.stores, { beforeRemove: () => (removals += 1) }).of(pool, place);
        return { ...store, settleSeconds: 60 };
      },
    };
    const purge = new Purge(yard.work, slow, yard.pools);
    await purge.run(id);
    expect([removals, await yard.states(), await yard.inPool()]).toEqual([1, ['removing'], CONTENT.length]);
    await rowsOf(url, `update media set settled_at = clock_timestamp()`);
    await purge.run(id);
    expect(removals).toBe(2);
    await yard.expectNothing();
  });

  it('gives the room back once, however many do it at once', async () => {
    const id = await takenOut();
    const others = Array.from({ length: 4 }, () => startReplica(yard));
    await Promise.all(others.map(async ({ purge }) => purge.run(id)));
    await replica.purge.run(id);
    await yard.expectNothing();
  });

  it('loses nothing while the pool can’t be reached', async () => {
    const id = await takenOut();
    const remount = await yard.unmount(ONE);
    await expect(replica.purge.run(id)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await yard.states()).toEqual(['removing']);
    expect(await yard.inPool()).toBe(CONTENT.length);
    await remount();
    await replica.purge.run(id);
    await yard.expectNothing();
  });

  it('loses nothing while the pool is not configured', async () => {
    const id = await takenOut();
    await new Purge(yard.work, yard.stores, [yard.pools[1]!]).run(id);
    expect(await yard.states()).toEqual(['removing']);
    expect(await yard.files()).toEqual([id]);
  });

  it('takes the row by its next run where the database went after the bytes', async () => {
    const id = await takenOut();
    yard.wire.cutAt('delete from media', 'before');
    await expect(replica.purge.run(id)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await yard.files()).toEqual([]);
    expect(await yard.states()).toEqual(['removing']);
    await replica.purge.run(id);
    await yard.expectNothing();
  });
});
