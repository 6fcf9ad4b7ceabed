import { pageStatement } from '../../../src/adapters/postgres/media-pages.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { Group } from '../../../src/domain/access/group.ts';
import type { MediaFilter, MediaSort } from '../../../src/domain/media/media-listing.ts';
import type { PoolId } from '../../../src/domain/shared/ids.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { makeGroups, makeUser } from '../../support/fixtures/users.ts';

const POOL = 1 as PoolId;
const LIMIT = 50;
const MANY = 20_000;
const NARROW = 20;
/** Rows of `media` that a page of one group may read: its own, and the first of each type. */
const MAX_ROWS = 6 * LIMIT;
/** Of several groups: at most a page of each, and the page itself. */
const MAX_ROWS_OF_SEVERAL = (NARROW + 2) * (LIMIT + 2);
const SORTS: readonly MediaSort[] = ['created', 'name', 'size'];
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

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** Returns how many rows of `media` the scans of a plan read. */
function rowsRead(plan: Plan): number {
  const own = plan['Relation Name'] === 'media' ? plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0) : 0;
  return own * plan['Actual Loops'] + (plan.Plans ?? []).reduce((total, below) => total + rowsRead(below), 0);
}

describe('Among tens of thousands of media items', () => {
  let depot: TestDepot;
  let [large, parent]: Group[] = [];
  let one: Caller;
  let several: Caller;
  beforeAll(async () => {
    depot = await openTestDepot();
    [large] = await makeGroups(depot, 'large');
    [parent] = await makeGroups(depot, 'parent');
    const below = await depot.work.run(async (tx) => {
      await tx.pools.store({ id: POOL, name: 'pool', capacity: null, storageType: 'local', isDefault: true });
      const groups: Group[] = [];
      while (groups.length < NARROW) groups.push(await tx.groups.insert(parent!, `below ${groups.length}`));
      for (const { id } of [large!, ...groups]) await tx.assignments.store(id, POOL, { write: true, manage: true });
      return groups;
    });
    one = await makeUser(depot, 'one', large!.id, 'velocity.media.list');
    several = await makeUser(depot, 'several', parent!.id, 'velocity.media.list');
    for (const groups of [[large!], below]) {
      await depot.knex.raw(
        `with made as (
           insert into blobs (id, pool_id, stored_bytes) select gen_random_uuid(), 1, 0 from generate_series(1, ${MANY}) returning id
         ), numbered as (select id, row_number() over () as at from made)
         insert into media (id, pool_id, group_id, blob_id, name, type, size, readonly, state, created_by, format, virtual_size)
         select id, 1, (array[${groups.map(({ id }) => id).join(', ')}])[1 + at % ${groups.length}], id, md5(id::text),
           case when at % 10 = 0 then 'ISO' else 'DISK' end, at % 1000, true, 'ready', gen_random_uuid(), 'raw', 0
         from numbered`,
      );
    }
    await depot.knex.raw('vacuum analyze');
  });
  afterAll(async () => {
    await depot.knex.raw('truncate media, blobs cascade');
    await depot.close();
  });

  /** Explains a page as the server runs it: with a plan that is made once for all values. */
  async function rowsOfPage(
    caller: Caller,
    filter: Partial<MediaFilter>,
    sort: MediaSort,
    isDescending: boolean,
  ): Promise<number> {
    const terms = { limit: LIMIT, sort, isDescending, after: null, counts: false };
    const viewer = { id: caller.id, reach: null };
    const [text, values] = pageStatement(viewer, { ...EVERYTHING, ...filter }, terms);
    return depot.knex.transaction(async (tx) => {
      await tx.raw('set local plan_cache_mode = force_generic_plan');
      const { rows } = await tx.raw<{ rows: { 'QUERY PLAN': { Plan: Plan }[] }[] }>(
        `explain (analyze, format json) ${text}`,
        values as never,
      );
      return rowsRead(rows[0]!['QUERY PLAN'][0]!.Plan);
    });
  }

  describe.each(SORTS.flatMap((sort) => [false, true].map((isDescending) => [sort, isDescending] as const)))(
    'a page by %s (descending: %s)',
    (sort, isDescending) => {
      it.each<[string, () => [Caller, Partial<MediaFilter>]]>([
        ['one group', () => [one, {}]],
        ['a group', () => [one, { group: large!.id }]],
        ['a pool', () => [one, { pool: POOL }]],
        ['a type', () => [one, { type: 'ISO' }]],
        ['a group and a type', () => [one, { group: large!.id, type: 'ISO' }]],
        ['a subtree', () => [several, { group: parent!.id, subtree: true }]],
        ['many groups', () => [several, {}]],
      ])('reads few rows of %s', async (_what, wanted) => {
        const [caller, filter] = wanted();
        expect(await rowsOfPage(caller, filter, sort, isDescending)).toBeLessThanOrEqual(
          caller === one ? MAX_ROWS : MAX_ROWS_OF_SEVERAL,
        );
      });
    },
  );
});
