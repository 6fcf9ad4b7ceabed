import { randomUUID } from 'node:crypto';
import type { LeaseTerms } from '../../src/application/ports/media-repository.ts';
import type { InstanceId, MediaId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { HOLDER, insert, insertReady, LEASE, makePools, ONE } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const OTHER = randomUUID() as InstanceId;
/** A lease that ended so many seconds ago. */
const endedFor = (seconds: number): LeaseTerms => ({ holder: HOLDER, seconds: -seconds });
const NEVER_BEGUN = randomUUID() as MediaId;

describe.each(UNITS_OF_WORK)('Leases of MediaRepository in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
  });
  afterEach(async () => depot.close());

  async function secondsLeft(id: MediaId): Promise<number> {
    const [row] = await rowsOf(
      depot.url,
      `select extract(epoch from lease_until - clock_timestamp())::float as seconds from media where id = '${id}'`,
    );
    return row!.seconds as number;
  }

  it('begin with the item and last for their duration, by the clock of the database', async () => {
    const id = await depot.work.run(async (tx) => insert(tx));
    const left = await secondsLeft(id);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60);
  });

  it('end with items that were deleted or abandoned, and isDeleted distinguishes them', async () => {
    await depot.work.run(async (tx) => {
      const [uploading, deleted, abandoned] = [await insert(tx), await insert(tx), await insert(tx)];
      await tx.media.beginRemoval(deleted);
      await tx.media.beginRemoval(abandoned, true);
      expect(await tx.media.isDeleted(deleted)).toBe(true);
      for (const id of [uploading, abandoned, NEVER_BEGUN]) expect(await tx.media.isDeleted(id)).toBe(false);
    });
  });

  it('are renewed if the holder still has them, in any state', async () => {
    const [uploading, removing, ended] = await depot.work.run(async (tx) => {
      const ids = [await insert(tx), await insert(tx), await insert(tx, {}, endedFor(1000))];
      await tx.media.beginRemoval(ids[1]!);
      return ids as [MediaId, MediaId, MediaId];
    });
    const renewed = await depot.work.run(async (tx) =>
      tx.media.renewLeases([uploading, removing, ended], { holder: HOLDER, seconds: 5000 }),
    );
    expect(new Set(renewed)).toEqual(
      new Set([
        { id: uploading, state: 'uploading' },
        { id: removing, state: 'removing' },
        { id: ended, state: 'uploading' },
      ]),
    );
    for (const id of [uploading, removing, ended]) expect(await secondsLeft(id)).toBeGreaterThan(1000);
  });

  it('are not renewed for another holder, nor on finished, removed or other items', async () => {
    await depot.work.run(async (tx) => {
      const [held, ready] = [await insert(tx), await insertReady(tx)];
      expect(await tx.media.renewLeases([held], { holder: OTHER, seconds: 60 })).toEqual([]);
      expect(await tx.media.renewLeases([ready, NEVER_BEGUN], LEASE)).toEqual([]);
      expect(await tx.media.renewLeases([], LEASE)).toEqual([]);
    });
  });

  it('are ended at once for some items, or for all of a holder', async () => {
    await depot.work.run(async (tx) => {
      const [one, two] = [await insert(tx), await insert(tx)];
      const others = await insert(tx, {}, { holder: OTHER, seconds: 60 });
      await tx.media.endLeases(HOLDER, [one, others, NEVER_BEGUN]);
      expect(await tx.media.abandoned(1e9, 10)).toEqual([one]);
      await tx.media.endLeases(HOLDER, []);
      expect(await tx.media.abandoned(1e9, 10)).toEqual([one]);
      await tx.media.endLeases(HOLDER);
      expect(new Set(await tx.media.abandoned(1e9, 10))).toEqual(new Set([one, two]));
      expect(await tx.media.isAbandoned(others, 0)).toBe(false);
    });
  });

  it('count as expired only after the grace, oldest first', async () => {
    await depot.work.run(async (tx) => {
      await insert(tx);
      const young = await insert(tx, {}, endedFor(100));
      const old = await insert(tx, { state: 'creating' }, endedFor(1000));
      const gone = await insert(tx, {}, endedFor(1000));
      await tx.media.beginRemoval(gone);
      expect(await tx.media.abandoned(0, 10)).toEqual([old, young]);
      expect(await tx.media.abandoned(0, 1)).toEqual([old]);
      expect(await tx.media.abandoned(500, 10)).toEqual([old]);
      expect(await tx.media.abandoned(5000, 10)).toEqual([]);
      expect(await tx.media.isAbandoned(young, 50)).toBe(true);
      expect(await tx.media.isAbandoned(young, 500)).toBe(false);
    });
  });

  it('count as expired if there is none', async () => {
    await depot.work.run(async (tx) => {
      expect(await tx.media.isAbandoned(await insertReady(tx), 0)).toBe(true);
      expect(await tx.media.isAbandoned(NEVER_BEGUN, 0)).toBe(false);
    });
  });

  it('keep others from purging an item in removing, until they expire', async () => {
    await depot.work.run(async (tx) => {
      const ready = await insertReady(tx);
      const held = await insert(tx);
      const over = await insert(tx, {}, endedFor(100));
      await insert(tx, {}, endedFor(1000));
      for (const id of [ready, held, over]) await tx.media.beginRemoval(id);
      expect(new Set(await tx.media.removable(ONE, 50, 10, null))).toEqual(new Set([ready, over]));
      expect(await tx.media.removable(ONE, 500, 10, null)).toEqual([ready]);
      await tx.media.endLeases(HOLDER, [held]);
      expect(new Set(await tx.media.removable(ONE, 500, 10, null))).toEqual(new Set([ready, held]));
    });
  });

  it('delay the purge once after an expired lease, and never otherwise', async () => {
    const [ready, held, over] = await depot.work.run(async (tx) => {
      const ids = [await insertReady(tx), await insert(tx), await insert(tx, {}, endedFor(100))] as const;
      for (const id of ids) await tx.media.beginRemoval(id);
      expect(await tx.media.delayPurge(ids[0], 5)).toBe(false);
      expect(await tx.media.delayPurge(ids[1], 5)).toBe(false);
      expect(await tx.media.delayPurge(ids[2], 5)).toBe(true);
      // Another replica must not purge earlier.
      expect(await tx.media.delayPurge(ids[2], 5)).toBe(true);
      expect(await tx.media.removable(ONE, 0, 10, null)).toEqual([ids[0]]);
      return ids;
    });
    await rowsOf(depot.url, `update media set settled_at = settled_at - interval '5 s' where id = '${over}'`);
    await depot.work.run(async (tx) => {
      expect(new Set(await tx.media.removable(ONE, 0, 10, null))).toEqual(new Set([ready, over]));
      expect(await tx.media.delayPurge(over, 5)).toBe(false);
      await tx.media.endLeases(HOLDER, [held]);
      expect(await tx.media.delayPurge(held, 5)).toBe(true);
    });
  });

  it('do not prevent a listing of removable items in pages', async () => {
    await depot.work.run(async (tx) => {
      const all: MediaId[] = [];
      for (let at = 0; at < 5; at += 1) {
        const id = await insertReady(tx);
        await tx.media.beginRemoval(id);
        all.push(id);
      }
      const pages: MediaId[][] = [];
      let after: MediaId | null = null;
      do {
        const page: readonly MediaId[] = await tx.media.removable(ONE, 0, 2, after);
        pages.push([...page]);
        after = page.at(-1) ?? null;
      } while (after !== null);
      expect(pages.map((page) => page.length)).toEqual([2, 2, 1, 0]);
      expect(new Set(pages.flat())).toEqual(new Set(all));
    });
  });
});
