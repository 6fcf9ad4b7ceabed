import { randomUUID } from 'node:crypto';
import type { Group } from '../../src/domain/access/group.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type BlobId, type MediaId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { gate, untilBlocked } from '../support/waiting/gate.ts';
import { makeGroups } from '../support/fixtures/users.ts';
import { FACTS, HOLDER, insert, insertReady, makePools, newMedia, ONE, TWO } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

describe.each(UNITS_OF_WORK)('ExaminationRepository in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
  });
  afterEach(async () => depot.close());

  it('returns the blobs of a pool by ascending id, in pages', async () => {
    const ids = await depot.work.run(async (tx) => {
      const made: MediaId[] = [];
      for (let left = 5; left > 0; left -= 1) made.push(await insert(tx));
      await insert(tx, { pool: TWO });
      return made.sort();
    });
    await depot.work.run(async (tx) => {
      const first = await tx.examination.blobsIn(ONE, 0, null, 3);
      const rest = await tx.examination.blobsIn(ONE, 0, first.at(-1)!.id, 3);
      expect([first, rest].map((page) => page.map(({ id }) => id))).toEqual([ids.slice(0, 3), ids.slice(3)]);
      const asked = [ids[1], ids[3], randomUUID()] as string[] as BlobId[];
      const among = await tx.examination.blobsAmong(ONE, asked);
      expect(among.map(({ id }) => id).sort()).toEqual([ids[1], ids[3]]);
      expect(await tx.examination.blobsAmong(TWO, asked)).toEqual([]);
    });
  });

  it('returns of a blob what its items need, for any number of items', async () => {
    await depot.work.run(async (tx) => {
      const coming = await insert(tx);
      const there = await insertReady(tx, { readOnly: false });
      const going = await insertReady(tx);
      await tx.media.beginRemoval(going);
      const owner = await insert(tx);
      await tx.media.finish(owner, HOLDER, { storedBytes: bytes(0), sha256: 'ab'.repeat(32), fingerprint: 'f' }, FACTS);
      const blob = owner as string as BlobId;
      await tx.media.insertClone(newMedia({ state: 'cloning' }), FACTS, blob);
      const records = await tx.examination.blobsIn(ONE, 0, null, 10);
      const of = (id: string) => records.find((record) => record.id === id);
      const usual = { location: 0, digested: false, resizing: false, readOnly: true, largest: 0, damage: null };
      expect(records).toHaveLength(4);
      expect(of(coming)).toEqual({ ...usual, id: coming, media: null, storedBytes: null });
      expect(of(there)).toEqual({ ...usual, id: there, media: there, storedBytes: 0, readOnly: false });
      expect(of(going)).toEqual({ ...usual, id: going, media: null, storedBytes: 0 });
      expect(of(owner)).toMatchObject({ ...usual, storedBytes: 0, digested: true });
      expect(of(owner)?.media).not.toBeNull();

      await tx.changes.beginResizing(there, bytes(0), { holder: HOLDER, seconds: 60 });
      expect(await tx.examination.blobsAmong(ONE, [there as string as BlobId])).toMatchObject([{ resizing: true }]);
    });
  });

  it('creates an uncharged item for a blob without a row, and none for other blobs', async () => {
    const blob = randomUUID() as BlobId;
    const id = (await depot.work.run(async (tx) => tx.examination.adopt(TWO, 0, blob)))!;
    await depot.work.run(async (tx) => {
      expect(await tx.examination.adopt(TWO, 0, blob)).toBeNull();
      expect(await tx.media.find(id)).toMatchObject({ blob, pool: TWO, state: 'removing', size: 0 });
      expect(await tx.media.useOfBlob(id)).toBe('none');
      expect(await tx.media.removable(TWO, 0, 10, null)).toEqual([id]);
      expect(await tx.media.forget(id)).toEqual({ pool: TWO, size: 0 });
      expect(await tx.examination.blobsIn(TWO, 0, null, 10)).toEqual([]);
    });
  });

  describe('usage', () => {
    let lower: Group;
    beforeEach(async () => {
      [, lower] = (await makeGroups(depot, 'upper', 'lower')) as [Group, Group];
    });

    it('is recounted for each level and the pool', async () => {
      const size = bytes(10);
      await depot.work.run(async (tx) => insertReady(tx, { group: lower.id, size }));
      const levels = [null, ...lower.path];
      await depot.work.run(async (tx) => {
        const drift = await tx.examination.drift();
        const none = { pool: ONE, used: 0, counted: size, usedItems: 0 };
        expect(drift).toEqual(levels.map((group) => ({ ...none, group, countedItems: group === null ? 0 : 1 })));
      });
      for (const group of levels) await depot.work.run(async (tx) => tx.examination.recount(ONE, group));
      await depot.work.run(async (tx) => {
        expect(await tx.examination.drift()).toEqual([]);
        expect((await tx.pools.levels([ONE])).get(ONE)?.used).toBe(size);
        expect((await tx.usage.ofPath([lower.id], ONE))[0]?.used).toBe(size);
        expect((await tx.usage.ofPath([lower.id], ONE))[0]?.items).toBe(1);
      });
      await depot.work.run(async (tx) => tx.examination.recount(ONE, 999_999 as Group['id']));
    });

    it.each([['a group'], ['the pool']])('of %s includes concurrent charges when it is recounted', async (which) => {
      const group = which === 'a group' ? ROOT_GROUP : null;
      const root = (await depot.work.run(async (tx) => tx.groups.find(ROOT_GROUP)))!;
      const size = bytes(10);
      const charged = gate();
      const go = gate();
      const charging = depot.work.run(async (tx) => {
        await insertReady(tx, { size });
        await tx.usage.charge(root, ONE, size, 1);
        await tx.pools.charge(ONE, size);
        charged.open();
        await go.opened;
      });
      await charged.opened;
      const counting = depot.work.run(async (tx) => tx.examination.recount(ONE, group));
      await untilBlocked(depot.url);
      go.open();
      await Promise.all([charging, counting]);
      await depot.work.run(async (tx) => expect(await tx.examination.drift()).toEqual([]));
    });
  });
});
