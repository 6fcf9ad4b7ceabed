import { randomUUID } from 'node:crypto';
import { admit } from '../../src/application/media/admit.ts';
import { markForDeletionIf } from '../../src/application/media/mark-for-deletion.ts';
import { ListCharges } from '../../src/application/quotas/list-charges.ts';
import { ViewUsage } from '../../src/application/quotas/view-usage.ts';
import type { Pools } from '../../src/domain/pools/pool.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../src/domain/shared/ids.ts';
import { FACTS, HOLDER, LEASE, makePools, ONE } from '../contracts/media-depot.ts';
import { openTestDepot, type TestDepot } from '../support/fixtures/test-depot.ts';
import { makeGroups, makeUser } from '../support/fixtures/users.ts';
import { times, timeoutMs } from './repetitions.ts';

const READS = times('PLATTER_LEDGER_READS', 1000, 20_000);
const WRITERS = 4;
const POOLS: Pools = [{ id: ONE, name: 'pool 1', capacity: null, storageType: 'local', isDefault: true }];
/** No group but the root group shows its storage. */
const STORES = {
  locations: (): readonly [number] => [0],
  of: () => {
    throw new Error('the storage is not read');
  },
};

const ALL = { limit: 500, sort: 'size', isDescending: true, after: null, counts: false } as const;

describe('The ledger', () => {
  let depot: TestDepot;
  beforeAll(async () => {
    depot = await openTestDepot();
    await makePools(depot);
  });
  afterAll(async () => depot.close());

  it(
    'adds up at every moment while items are created, finished and removed',
    async () => {
      const { work } = depot;
      const groups = await makeGroups(depot, 'top', 'leaf');
      const [top, leaf] = [groups[0]!, groups[1]!];
      const permissions = ['velocity.pool.list', 'velocity.media.list', 'velocity.media.create'] as const;
      const ann = await makeUser(depot, 'ann', top.id, ...permissions);
      await work.run(async (tx) => {
        for (const { id } of groups) await tx.assignments.store(id, ONE, { write: true, manage: true });
      });
      const usage = new ViewUsage({ work, pools: POOLS, stores: STORES });
      const charges = new ListCharges(work, POOLS);
      const stop = new AbortController();
      let changes = 0;

      async function write(writer: number): Promise<void> {
        for (let at = 0; !stop.signal.aborted; at += 1) {
          const id = randomUUID() as MediaId;
          const group = at % 2 === 0 ? leaf.id : top.id;
          const order = {
            name: id,
            type: 'DISK',
            size: bytes(1 + writer + (at % 7)),
            readOnly: true,
            pool: ONE,
            group,
          };
          await work.run(async (tx) => admit(tx, POOLS, ann, id, order, 'uploading', LEASE));
          if (at % 3 !== 0) {
            const blob = { storedBytes: bytes(0), sha256: null, fingerprint: null };
            await work.run(async (tx) => tx.media.finish(id, HOLDER, blob, FACTS));
          }
          await work.run(async (tx) => markForDeletionIf(tx, id, () => true));
          changes += 3;
        }
      }

      const writers = Array.from({ length: WRITERS }, async (_, writer) => write(writer));
      for (let read = 0; read < READS; read += 1) {
        const group = read % 2 === 0 ? top.id : leaf.id;
        const [seen] = await usage.run(ann, group);
        expect(seen?.difference ?? 0).toBe(0);
        const { page, used } = await charges.run(ann, group, ONE, ALL);
        expect(page.last).toBeNull();
        expect(page.items.reduce((total, { size }) => total + size, 0)).toBe(used);
      }
      stop.abort();
      await Promise.all(writers);
      expect(changes).toBeGreaterThan(READS / 10);
    },
    timeoutMs(READS),
  );
});
