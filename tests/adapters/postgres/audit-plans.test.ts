import type { Transaction } from '../../../src/application/ports/unit-of-work.ts';
import type { AuditSearch } from '../../../src/domain/audit/audit-entry.ts';
import type { GroupId, MediaId, PoolId, UserId } from '../../../src/domain/shared/ids.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { sequentiallyScanned } from '../../support/database/query-plans.ts';
import { rowsOf } from '../../support/database/test-database.ts';

const [USER, GROUP, POOL] = [7 as UserId, 7 as GroupId, 7 as PoolId];

describe('Among twenty thousand audit entries', () => {
  let depot: TestDepot;
  let media: MediaId;
  let at: string;
  beforeAll(async () => {
    depot = await openTestDepot();
    for (const sql of [
      `insert into audit_entries (at, action, result, way, actor_id, user_id, group_id, pool_id, media_id, details)
       select clock_timestamp() - make_interval(mins => nth),
         case when nth % 500 = 0 then 'media.remove' else 'media.create' end, case when nth % 100 = 0 then 'no-space' else 'done' end,
         'velocity', nth % 300, nth % 299, nth % 300, nth % 200, gen_random_uuid(), '{}'
       from generate_series(1, 20000) as nth`,
      'analyze',
    ]) {
      await depot.knex.raw(sql);
    }
    const [row] = await rowsOf(
      depot.url,
      'select media_id, at::text as at from audit_entries order by id offset 9999 limit 1',
    );
    [media, at] = [row!.media_id as MediaId, row!.at as string];
  });
  afterAll(async () => depot.close());

  it.each<[string, () => AuditSearch]>([
    ['the newest events', () => ({})],
    ['the events by or about a user', () => ({ user: USER })],
    ['the events about a group', () => ({ group: GROUP })],
    ['the events about a pool', () => ({ pool: POOL })],
    ['the events about an item', () => ({ media })],
    ['the events of an action', () => ({ action: 'media.remove' })],
    ['the refused attempts', () => ({ result: 'refused' })],
    ['the attempts refused for one reason', () => ({ result: 'no-space' })],
    ['the events of a time', () => ({ since: at, until: at })],
    ['the events that match several conditions', () => ({ user: USER, media, result: 'refused', since: at })],
  ])('finds %s without reading all of them', async (_what, search) => {
    const ask = async (tx: Transaction): Promise<unknown> => tx.audit.search(search(), 20, null);
    expect(await sequentiallyScanned(depot, ask)).toEqual([]);
    expect(await sequentiallyScanned(depot, async (tx) => tx.audit.search(search(), 20, { at, id: '10000' }))).toEqual(
      [],
    );
  });

  it('finds expired entries without reading all of them', async () => {
    expect(await sequentiallyScanned(depot, async (tx) => tx.audit.forget(13))).toEqual([]);
  });

  it('would notice a sequential scan', async () => {
    await depot.knex.raw('drop index audit_entries_by_media');
    expect(
      await sequentiallyScanned(depot, async (tx) => tx.audit.search({ media, result: 'done' }, 20, null)),
    ).toEqual(['audit_entries']);
  });
});
