import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { Caller } from '../../src/domain/access/caller.ts';
import type { Group } from '../../src/domain/access/group.ts';
import type { LedgerEntry } from '../../src/domain/quotas/ledger.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type GroupId } from '../../src/domain/shared/ids.ts';
import type { KeysetPage, KeysetPosition, KeysetTerms } from '../../src/domain/shared/keyset.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { makeGroups, makeUser } from '../support/fixtures/users.ts';
import { insert, insertReady, makePools, ONE, TWO } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

describe.each(UNITS_OF_WORK)('LedgerRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let above: Group;
  let below: Group;
  let ann: Caller;
  beforeAll(async () => {
    depot = await open();
    await makePools(depot);
    [above, below] = (await makeGroups(depot, 'above', 'below')) as [Group, Group];
    ann = await makeUser(depot, 'ann');
    await run(async (tx) => {
      for (let at = 0; at < 20; at += 1) {
        const wanted = { group: at % 3 === 0 ? above.id : below.id, size: bytes(at % 4), createdBy: ann.uuid };
        await (at % 5 === 0 ? insert(tx, wanted) : insertReady(tx, wanted));
      }
      await insertReady(tx, { group: below.id, pool: TWO, size: bytes(7), name: 'large', type: 'IPSW' });
      await insert(tx, { group: below.id, pool: TWO, size: bytes(3), state: 'creating' });
      await tx.media.beginRemoval(await insertReady(tx, { group: below.id, size: bytes(9) }));
    });
  });
  afterAll(async () => {
    await depot.rows('update media set size = 0');
    await depot.close();
  });

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);

  async function entries(group: GroupId, pool = ONE, isDescending = true): Promise<readonly LedgerEntry[]> {
    const found: LedgerEntry[] = [];
    for (let after: KeysetPosition | null = null, isFirst = true; isFirst || after !== null; isFirst = false) {
      const terms: KeysetTerms<'size'> = { limit: 3, sort: 'size', isDescending, after, counts: true };
      const page: KeysetPage<LedgerEntry> = await run(async (tx) => tx.ledger.entries(group, pool, terms));
      found.push(...page.items);
      after = page.last;
      if (after === null) expect(page.total).toBe(found.length);
    }
    return found;
  }

  it('sums the items of a group and its descendants by pool and state, without those being removed', async () => {
    expect(await run(async (tx) => tx.ledger.counted(below.id))).toEqual(
      expect.arrayContaining([
        { pool: TWO, state: 'ready', imported: false, bytes: 7, items: 1 },
        { pool: TWO, state: 'creating', imported: false, bytes: 3, items: 1 },
      ]),
    );
    const counted = await run(async (tx) => tx.ledger.counted(above.id));
    const inOne = counted.filter(({ pool }) => pool === ONE);
    expect(inOne.reduce((sum, { items }) => sum + items, 0)).toBe(20);
    expect(inOne.reduce((sum, one) => sum + one.bytes, 0)).toBe(30);
    expect(await run(async (tx) => tx.ledger.counted(ROOT_GROUP))).toEqual(counted);
    expect(await run(async (tx) => tx.ledger.counted(12_345 as GroupId))).toEqual([]);
  });

  it('lists every charge of a group and its descendants by size, page by page', async () => {
    const all = await entries(above.id);
    expect(all).toHaveLength(20);
    expect(all.map(({ size }) => size)).toEqual([
      ...Array<number>(5).fill(3),
      ...Array<number>(5).fill(2),
      ...Array<number>(5).fill(1),
      ...Array<number>(5).fill(0),
    ]);
    expect(await entries(above.id, ONE, false)).toEqual(all.toReversed());
    expect(await entries(below.id)).toEqual(all.filter(({ group }) => group === below.id));
    expect(all.map(({ creator }) => creator)).toEqual(all.map(() => ({ id: ann.id, name: 'ann' })));
    expect((await entries(below.id, TWO))[0]).toEqual({
      id: expect.any(String) as string,
      group: below.id,
      name: 'large',
      imported: false,
      type: 'IPSW',
      size: 7,
      state: 'ready',
      created: expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/) as string,
      creator: null,
    });
  });

  it('sees one moment in a snapshot', async () => {
    const [before, after] = await depot.work.snapshot(async (tx) => {
      const first = await tx.ledger.counted(above.id);
      await run(async (other) => insertReady(other, { group: below.id, name: 'meanwhile' }));
      return [first, await tx.ledger.counted(above.id)];
    });
    expect(after).toEqual(before);
    await expect(depot.work.snapshot(async (tx) => insertReady(tx, { group: below.id }))).rejects.toThrow(/read-only/);
  });
});
