import fc from 'fast-check';
import { ListCharges } from '../../../src/application/quotas/list-charges.ts';
import { ViewUsage } from '../../../src/application/quotas/view-usage.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { Group } from '../../../src/domain/access/group.ts';
import type { Pools } from '../../../src/domain/pools/pool.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { insert, insertReady, makePools, ONE, TWO } from '../../contracts/media-depot.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { makeGroups, makeUser } from '../../support/fixtures/users.ts';

const POOLS: Pools = [ONE, TWO].map((id) => ({
  id,
  name: `pool ${id}`,
  capacity: null,
  storageType: 'local',
  isDefault: id === ONE,
}));
/** No group but the root group shows its storage. */
const STORES = {
  locations: (): readonly [number] => [0],
  of: () => {
    throw new Error('the storage is not read');
  },
};
const ALL = { limit: 500, sort: 'size', isDescending: true, after: null, counts: false } as const;

describe('The usage of a group', () => {
  let depot: TestDepot;
  let groups: readonly Group[];
  let ann: Caller;
  let usage: ViewUsage;
  let charges: ListCharges;
  beforeAll(async () => {
    depot = await openTestDepot();
    await makePools(depot);
    groups = await makeGroups(depot, 'top', 'middle', 'leaf');
    ann = await makeUser(depot, 'ann', groups[0]!.id, 'velocity.pool.list', 'velocity.media.list');
    usage = new ViewUsage({ work: depot.work, pools: POOLS, stores: STORES });
    charges = new ListCharges(depot.work, POOLS);
    await depot.work.run(async (tx) => {
      for (const [at, group] of groups.entries()) {
        for (const pool of [ONE, TWO]) {
          await tx.assignments.store(group.id, pool, { write: true, manage: true });
          for (const size of [100 + at, 10]) {
            const wanted = { group: group.id, pool, size: bytes(size) };
            await (size === 10 ? insert(tx, wanted) : insertReady(tx, wanted));
            await tx.usage.charge(group, pool, bytes(size), 1);
          }
        }
      }
    });
  });
  afterAll(async () => {
    await depot.rows('update media set size = 0');
    await depot.rows('update usage set used = 0');
    await depot.close();
  });

  it('shows exactly by how much each row is wrong, whichever rows are', async () => {
    const row = fc.record({
      group: fc.nat(2),
      pool: fc.constantFrom(ONE, TWO),
      by: fc.integer({ min: -100, max: 5000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(row, { maxLength: 6, selector: ({ group, pool }) => `${group} ${pool}` }),
        async (wrong) => {
          const change = async (sign: 1 | -1): Promise<void> => {
            for (const { group, pool, by } of wrong) {
              await depot.rows(
                `update usage set used = used + ${sign * by} where group_id = ${groups[group]!.id} and pool_id = ${pool}`,
              );
            }
          };
          await change(1);
          for (const [at, { id }] of groups.entries()) {
            const usages = await usage.run(ann, id);
            for (const pool of [ONE, TWO]) {
              const by = wrong.find((one) => one.group === at && one.pool === pool)?.by ?? 0;
              const found = usages.find((one) => one.pool.id === pool)!;
              const { page, used } = await charges.run(ann, id, pool, ALL);
              const sum = page.items.reduce((total, { size }) => total + size, 0);
              expect(found.difference).toBe(by);
              expect([found.used, found.used - sum]).toEqual([used, by]);
              expect(Object.values(found.split).reduce((total, part) => total + part, 0)).toBe(sum);
            }
          }
          await change(-1);
        },
      ),
      { numRuns: 15 },
    );
  });
});
