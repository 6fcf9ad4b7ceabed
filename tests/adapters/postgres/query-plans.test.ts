import { randomUUID } from 'node:crypto';
import type { Group } from '../../../src/domain/access/group.ts';
import type { MediaFilter, Viewer } from '../../../src/domain/media/media-listing.ts';
import { ROOT_USER, type InstanceId, type MediaId, type PoolId } from '../../../src/domain/shared/ids.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { makeGroups } from '../../support/fixtures/users.ts';
import { sequentiallyScanned } from '../../support/database/query-plans.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import type { Transaction } from '../../../src/application/ports/unit-of-work.ts';

const POOL = 1 as PoolId;
const HOLDER = randomUUID() as InstanceId;
const EVERYTHING: MediaFilter = {
  group: null,
  subtree: false,
  pool: null,
  type: null,
  format: null,
  text: null,
  state: null,
  sha256: null,
};
const ROOT: Viewer = { id: ROOT_USER, reach: null };
const FIRST_PAGE = { limit: 50, sort: 'created', isDescending: true, after: null, counts: false } as const;
const LARGEST = { ...FIRST_PAGE, sort: 'size' } as const;
const BY_NAME = { ...FIRST_PAGE, sort: 'name' } as const;
const SCRUB_SELECTION = { pools: [POOL], before: 4e9, excluded: [], max: 100 };

describe('Among ten thousand media items of a hundred groups', () => {
  let depot: TestDepot;
  let groups: readonly Group[];
  let some: MediaId;
  beforeAll(async () => {
    depot = await openTestDepot();
    groups = [];
    for (let made = 0; made < 100; made += 1) groups = [...groups, ...(await makeGroups(depot, `group ${made}`))];
    await depot.work.run(async (tx) => {
      await tx.pools.store({ id: POOL, name: 'pool', capacity: null, storageType: 'local', isDefault: true });
      for (const { id } of groups) await tx.assignments.store(id, POOL, { write: true, manage: true });
    });
    await depot.knex.raw(
      `with made as (
         insert into blobs (id, pool_id, stored_bytes) select gen_random_uuid(), 1, 0 from generate_series(1, 10000) returning id
       ), numbered as (select id, row_number() over () as at from made)
       insert into media (id, pool_id, group_id, blob_id, name, type, size, readonly, state, lease_holder, lease_until,
         created_by, format, virtual_size)
       select id, 1, case when at % 500 = 1 then null else ${groups[0]!.id} + at % 100 end, id, id::text, 'ISO', 0, true,
         case when at % 500 = 0 then 'uploading' when at % 500 = 1 then 'removing' else 'ready' end,
         case when at % 500 = 0 then '${HOLDER}'::uuid end, case when at % 500 = 0 then now() - interval '1 hour' end,
         gen_random_uuid(), 'raw', 0
       from numbered`,
    );
    await depot.knex.raw('analyze');
    some = (await rowsOf(depot.url, 'select id from media limit 1'))[0]!.id as MediaId;
  });
  afterAll(async () => depot.close());

  it.each<[string, (tx: Transaction) => Promise<unknown>]>([
    ['the list of a group', async (tx) => tx.media.listOf(groups[7]!.id)],
    ['one item', async (tx) => tx.media.find(some)],
    ['one finished item with its bytes', async (tx) => tx.media.findStored(some)],
    ['abandoned items', async (tx) => tx.media.abandoned(10, 100)],
    ['items to purge', async (tx) => tx.media.removable(POOL, 10, 100, null)],
    ['the leases of a holder', async (tx) => tx.media.renewLeases([some], { holder: HOLDER, seconds: 1 })],
    ['the leases of a predecessor', async (tx) => tx.media.endLeases(HOLDER)],
    ['the removal of a group', async (tx) => tx.media.beginRemovalOf([groups[7]!.id])],
    ['one item to delete', async (tx) => tx.media.forget(some)],
    ['the list of all groups', async (tx) => tx.catalogue.list(ROOT, EVERYTHING, FIRST_PAGE)],
    ['the list by name of a type', async (tx) => tx.catalogue.list(ROOT, { ...EVERYTHING, type: 'ISO' }, BY_NAME)],
    ['items with a digest', async (tx) => tx.catalogue.list(ROOT, { ...EVERYTHING, sha256: '00' }, BY_NAME)],
    ['unfinished items', async (tx) => tx.catalogue.list(ROOT, { ...EVERYTHING, state: 'uploading' }, BY_NAME)],
    ['the largest charges', async (tx) => tx.ledger.entries(groups[7]!.id, POOL, LARGEST)],
    ['the charged items', async (tx) => tx.ledger.counted(groups[99]!.id)],
    ['the next blobs to scrub', async (tx) => tx.scrub.due({ ...SCRUB_SELECTION, markedOnly: false })],
    ['damaged blobs', async (tx) => tx.scrub.due({ ...SCRUB_SELECTION, markedOnly: true })],
    ['the number of damaged blobs', async (tx) => tx.scrub.countMarked([POOL])],
    // `known` is not among these: it runs once at start, and looks for one media item in each pool.
  ])('finds %s without reading all of them', async (_, ask) => {
    const read = await sequentiallyScanned(depot, ask);
    expect(read).not.toContain('media');
    expect(read).not.toContain('blobs');
  });

  it('would notice a sequential scan', async () => {
    expect(await sequentiallyScanned(depot, async (tx) => tx.pools.known())).toContain('pools');
  });
});
