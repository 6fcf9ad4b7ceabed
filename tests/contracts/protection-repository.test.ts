import type { NewMedia } from '../../src/application/ports/media-repository.ts';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { Group } from '../../src/domain/access/group.ts';
import type { MediaId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { makeGroups, makeUser } from '../support/fixtures/users.ts';
import { insertReady, makePools } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

describe.each(UNITS_OF_WORK)('ProtectionRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let [top, below]: Group[] = [];
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
    [top, below] = await makeGroups(depot, 'top', 'below');
  });
  afterEach(async () => depot.close());

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);
  /** Stores items in transactions of their own, so that they have different ages. */
  const make = async (wanted: Partial<NewMedia>): Promise<MediaId> => run(async (tx) => insertReady(tx, wanted));
  const protect = async (id: MediaId, isProtected = true): Promise<void> =>
    run(async (tx) => tx.protections.set(id, isProtected));

  it('protects an item, and ends its protection', async () => {
    const [id, other] = [await make({ group: top!.id }), await make({ group: top!.id })];
    const found = async (): Promise<readonly boolean[]> =>
      run(async (tx) => [(await tx.media.find(id))!.protected, (await tx.media.find(other))!.protected]);
    expect(await found()).toEqual([false, false]);
    await protect(id);
    await protect(id);
    expect(await found()).toEqual([true, false]);
    await protect(id, false);
    expect(await found()).toEqual([false, false]);
  });

  it('returns the protected items of groups, oldest first, and counts those beyond the maximum', async () => {
    const wanted: MediaId[] = [];
    for (const group of [top!, below!, top!]) wanted.push(await make({ group: group.id }));
    const elsewhere = await make({});
    await make({ group: top!.id });
    for (const id of [elsewhere, ...wanted.toReversed()]) await protect(id);
    await run(async (tx) => {
      const groups = [top!.id, below!.id];
      const items = wanted.map((id) => ({ id, name: id }));
      expect(await tx.protections.ofGroups(groups, 10)).toEqual({ count: 3, items });
      expect(await tx.protections.ofGroups(groups, 2)).toEqual({ count: 3, items: items.slice(0, 2) });
      expect(await tx.protections.ofGroups([below!.id], 10)).toEqual({ count: 1, items: [items[1]] });
      expect(await tx.protections.ofGroups([], 10)).toEqual({ count: 0, items: [] });
    });
  });

  it('returns no item in the trash, and none that is being deleted', async () => {
    const ann = await makeUser(depot, 'ann');
    const [trashed, leaving] = [await make({ group: top!.id }), await make({ group: top!.id })];
    for (const id of [trashed, leaving]) await protect(id);
    await run(async (tx) => {
      await tx.trash.add(trashed, ann.uuid);
      await tx.media.beginRemoval(leaving);
      expect(await tx.protections.ofGroups([top!.id], 10)).toEqual({ count: 0, items: [] });
    });
  });
});
