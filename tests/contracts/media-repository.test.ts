import { randomUUID } from 'node:crypto';
import { bytes, MAX_BYTES } from '../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type InstanceId, type MediaId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { gate, untilBlocked } from '../support/waiting/gate.ts';
import { makeGroups } from '../support/fixtures/users.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { FACTS, HOLDER, insert, insertReady, LEASE, makePools, newMedia, ONE, stored, TWO } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const NOTHING = { storedBytes: bytes(0), sha256: null, fingerprint: null };
const NOBODY = randomUUID() as MediaId;

describe.each(UNITS_OF_WORK)('MediaRepository in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
  });
  afterEach(async () => depot.close());

  async function blobs(): Promise<readonly unknown[]> {
    return rowsOf(depot.url, `select stored_bytes::int, encode(sha256, 'hex') as sha256 from blobs`);
  }

  it.each(['uploading', 'creating'] as const)(
    'stores media that are %s, and finds them as they were',
    async (state) => {
      const media = newMedia({ state, name: 'Ünïcode ☃ "quoted"', type: 'anything', readOnly: state === 'uploading' });
      await depot.work.run(async (tx) => {
        await tx.media.insert(media, LEASE);
        expect(await tx.media.find(media.id)).toEqual(stored(media));
        expect(await tx.media.lock(media.id)).toEqual(stored(media));
        expect(await tx.media.find(NOBODY)).toBeNull();
        expect(await tx.media.lock(NOBODY)).toBeNull();
      });
    },
  );

  it('stores sizes up to 2^53−1', async () => {
    const undone = new Error('undone');
    const storing = depot.work.run(async (tx) => {
      const id = await insert(tx, { size: MAX_BYTES });
      expect((await tx.media.find(id))!.size).toBe(MAX_BYTES);
      throw undone;
    });
    await expect(storing).rejects.toBe(undone);
  });

  it('refuses a name that is taken in the pool, in any state but removing, by any group', async () => {
    const [group] = await makeGroups(depot, 'group');
    const first = await depot.work.run(async (tx) => insert(tx, { name: 'same' }));
    const again = async (): Promise<MediaId> =>
      depot.work.run(async (tx) => insert(tx, { name: 'same', group: group!.id }));
    await expect(again()).rejects.toMatchObject({ code: 'media-name-taken' });
    await depot.work.run(async (tx) => tx.media.finish(first, HOLDER, NOTHING, FACTS));
    await expect(again()).rejects.toMatchObject({ code: 'media-name-taken' });
    await depot.work.run(async (tx) => {
      await insert(tx, { name: 'Same' });
      await insert(tx, { name: 'same', pool: TWO });
      await tx.media.beginRemoval(first);
    });
    await again();
  });

  it('gives a name to one of several concurrent inserts', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 6 }, async () => depot.work.run(async (tx) => insert(tx, { name: 'same' }))),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'media-name-taken' });
    }
  });

  it('blocks changes of a locked item until the transaction ends', async () => {
    const id = await depot.work.run(async (tx) => insert(tx));
    const locked = gate();
    const go = gate();
    const removing = depot.work.run(async (tx) => {
      await tx.media.lock(id);
      locked.open();
      await go.opened;
      await tx.media.beginRemoval(id);
    });
    await locked.opened;
    const finished = depot.work.run(async (tx) => tx.media.finish(id, HOLDER, NOTHING, FACTS));
    await untilBlocked(depot.url);
    go.open();
    await removing;
    expect(await finished).toBe(false);
  });

  it('finishes an item under way with the facts of its bytes, and ends the lease', async () => {
    const sha256 = 'ab'.repeat(32);
    const media = newMedia();
    await depot.work.run(async (tx) => {
      await tx.media.insert(media, LEASE);
      expect(await tx.media.finish(media.id, HOLDER, { ...NOTHING, sha256 }, FACTS)).toBe(true);
      expect(await tx.media.find(media.id)).toEqual({ ...stored(media), state: 'ready' });
      expect(await tx.media.renewLeases([media.id], LEASE)).toEqual([]);
    });
    expect(await blobs()).toEqual([{ stored_bytes: 0, sha256 }]);
  });

  it('returns finished items with the facts of their bytes, and no others', async () => {
    const media = newMedia();
    const blob = { storedBytes: bytes(7), sha256: 'ef'.repeat(32), fingerprint: 'as it came' };
    await depot.work.run(async (tx) => {
      await tx.media.insert(media, LEASE);
      expect(await tx.media.findStored(media.id)).toBeNull();
      await tx.media.finish(media.id, HOLDER, blob, FACTS);
      expect(await tx.media.findStored(media.id)).toEqual({
        media: { ...stored(media), state: 'ready' },
        blob,
        facts: FACTS,
        damaged: false,
      });
      await tx.media.beginRemoval(media.id);
      expect(await tx.media.findStored(media.id)).toBeNull();
      expect(await tx.media.findStored(NOBODY)).toBeNull();
      const created = await insertReady(tx, { state: 'creating' });
      expect((await tx.media.findStored(created))!.blob).toEqual(NOTHING);
    });
  });

  it('finishes no item twice, for another holder, or in removing', async () => {
    const sha256 = 'cd'.repeat(32);
    await depot.work.run(async (tx) => {
      const [twice, other, gone] = [await insert(tx), await insert(tx), await insert(tx)];
      await tx.media.finish(twice, HOLDER, { ...NOTHING, sha256 }, FACTS);
      await tx.media.beginRemoval(gone);
      expect(await tx.media.finish(twice, HOLDER, NOTHING, FACTS)).toBe(false);
      expect(await tx.media.finish(other, randomUUID() as InstanceId, NOTHING, FACTS)).toBe(false);
      expect(await tx.media.finish(gone, HOLDER, NOTHING, FACTS)).toBe(false);
      expect(await tx.media.finish(NOBODY, HOLDER, NOTHING, FACTS)).toBe(false);
      expect((await tx.media.find(other))!.state).toBe('uploading');
      expect((await tx.media.find(gone))!.state).toBe('removing');
    });
    expect(await blobs()).toContainEqual({ stored_bytes: 0, sha256 });
  });

  it('lists the finished media of a group in the pools assigned to it, oldest first', async () => {
    const [upper, lower] = await makeGroups(depot, 'upper', 'lower');
    const [first, second] = await depot.work.run(async (tx) => {
      await tx.assignments.store(upper!.id, ONE, { write: true, manage: false });
      await tx.assignments.store(lower!.id, TWO, { write: true, manage: false });
      const group = upper!.id;
      const one = newMedia({ group, name: 'z', readOnly: false });
      const made = [await insertReady(tx, one), await insertReady(tx, { group, name: 'a', type: 'DISK' })];
      await insert(tx, { group });
      await insertReady(tx, { group, pool: TWO });
      await insertReady(tx, { group: lower!.id });
      await tx.media.beginRemoval(await insertReady(tx, { group }));
      return made;
    });
    const size = 0;
    await depot.work.run(async (tx) => {
      expect((await tx.media.listOf(upper!.id)).items).toEqual([
        {
          id: first,
          pool: ONE,
          name: 'z',
          type: 'ISO',
          size,
          readOnly: false,
          inUse: false,
          sha256: null,
          facts: FACTS,
        },
        {
          id: second,
          pool: ONE,
          name: 'a',
          type: 'DISK',
          size,
          readOnly: true,
          inUse: false,
          sha256: null,
          facts: FACTS,
        },
      ]);
      expect((await tx.media.listOf(lower!.id)).items).toEqual([]);
    });
  });

  it('lists items as read-only if the group may not write, and again after a new assignment', async () => {
    const [group] = await makeGroups(depot, 'group');
    async function listed(): Promise<readonly boolean[]> {
      return depot.work.run(async (tx) => (await tx.media.listOf(group!.id)).items.map(({ readOnly }) => readOnly));
    }
    await depot.work.run(async (tx) => {
      await tx.assignments.store(group!.id, ONE, { write: false, manage: true });
      await insertReady(tx, { group: group!.id, readOnly: false });
    });
    expect(await listed()).toEqual([true]);
    await depot.work.run(async (tx) => tx.assignments.remove(group!.id, ONE));
    expect(await listed()).toEqual([]);
    await depot.work.run(async (tx) => tx.assignments.store(group!.id, ONE, { write: true, manage: true }));
    expect(await listed()).toEqual([false]);
  });

  it('lists the media of the root group on every pool, writable as they are', async () => {
    await depot.work.run(async (tx) => {
      await insertReady(tx, { readOnly: false });
      await insertReady(tx, { pool: TWO, readOnly: true });
      expect((await tx.media.listOf(ROOT_GROUP)).items.map(({ pool, readOnly }) => [pool, readOnly])).toEqual([
        [ONE, false],
        [TWO, true],
      ]);
    });
  });

  it('removes an item from every list and its group, and keeps its lease', async () => {
    await depot.work.run(async (tx) => {
      const [ready, underway] = [await insertReady(tx), await insert(tx)];
      for (const id of [ready, underway]) await tx.media.beginRemoval(id);
      expect((await tx.media.listOf(ROOT_GROUP)).items).toEqual([]);
      expect(await tx.media.find(ready)).toMatchObject({ state: 'removing', group: null });
      expect(await tx.media.renewLeases([ready, underway], LEASE)).toEqual([{ id: underway, state: 'removing' }]);
    });
  });

  it('removes all items of some groups, and no others', async () => {
    const [upper, lower] = await makeGroups(depot, 'upper', 'lower');
    await depot.work.run(async (tx) => {
      const theirs = [
        await insert(tx, { group: upper!.id }),
        await insertReady(tx, { group: upper!.id, pool: TWO }),
        await insertReady(tx, { group: lower!.id }),
      ];
      const other = await insertReady(tx);
      await tx.media.beginRemovalOf([upper!.id, lower!.id]);
      for (const id of theirs) expect((await tx.media.find(id))!.state).toBe('removing');
      expect((await tx.media.find(other))!.state).toBe('ready');
    });
  });

  it('deletes the row of an item in removing, once, and no others', async () => {
    await depot.work.run(async (tx) => {
      const [gone, stays] = [await insert(tx, { name: 'gone', pool: TWO }), await insertReady(tx)];
      await tx.media.beginRemoval(gone);
      expect(await tx.media.forget(gone)).toEqual({ pool: TWO, size: 0 });
      expect(await tx.media.forget(gone)).toBeNull();
      expect(await tx.media.forget(stays)).toBeNull();
      expect(await tx.media.forget(NOBODY)).toBeNull();
      expect(await tx.media.find(gone)).toBeNull();
      expect(await tx.media.find(stays)).not.toBeNull();
    });
    expect(await blobs()).toHaveLength(1);
  });
});
