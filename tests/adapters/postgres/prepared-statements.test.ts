import { randomUUID } from 'node:crypto';
import { openDatabase, type Database } from '../../../src/adapters/postgres/database.ts';
import { PostgresUnitOfWork } from '../../../src/adapters/postgres/unit-of-work.ts';
import type { UnitOfWork } from '../../../src/application/ports/unit-of-work.ts';
import { ROOT_GROUP, type MediaId, type ServerId, type TagId } from '../../../src/domain/shared/ids.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { makeUser } from '../../support/fixtures/users.ts';

/** Numbers of conditions and values: as many as a request may have, and far more. */
const AMOUNTS = [1, 2, 5, 20, 100, 1000];

describe('The statements that a connection remembers', () => {
  let depot: TestDepot;
  let only: Database;
  let work: UnitOfWork;
  let ann: Caller;
  beforeAll(async () => {
    depot = await openTestDepot();
    ann = await makeUser(depot, 'ann', ROOT_GROUP, 'velocity.media.list');
    // One connection, so that it reports on itself.
    only = openDatabase({ url: depot.url, maxConnections: 1 });
    work = new PostgresUnitOfWork(only.pool);
  });
  afterAll(async () => {
    await only.close();
    await depot.close();
  });

  async function remembered(): Promise<number> {
    const { rows } = await only.pool.query<{ count: number }>('select count(*)::int from pg_prepared_statements');
    return rows[0]!.count;
  }

  /**
   * Runs every search with `lists` conditions of `values` values each, and every query with many
   * ids.
   */
  async function askFor(lists: number, values: number): Promise<void> {
    const texts = Array.from({ length: lists }, () => Array.from({ length: values }, () => randomUUID()));
    const page = { limit: null, offset: 0 };
    const ids = texts.flat();
    await work.read(async (tx) => {
      await tx.labels.search(ann.id, { ids: texts, labels: texts, labelParts: texts, tags: texts, ...page });
      await tx.servers.search(ann.uuid, { ids: texts, names: texts, tags: texts, ...page });
      await tx.library.search({
        conditions: texts.flatMap((anyOf) => [
          { field: 'name', match: 'part', anyOf },
          { field: 'id', match: 'exact', anyOf },
          { field: 'category', match: 'exact', anyOf },
        ]),
        ...page,
      });
      await tx.labels.findAll(ids as MediaId[]);
      await tx.labels.namesTaken(1 as never, ids);
      await tx.tags.resourcesOf(ids as TagId[], ann.id);
      await tx.tags.resources(ids, ann.id);
      await tx.tags.of('server', ids as ServerId[], ann.uuid);
      await tx.servers.usesOf(ids as MediaId[], ann.uuid);
      await tx.licences.neededBy(ids as MediaId[]);
    });
  }

  it('do not grow with a thousand different inputs', async () => {
    await askFor(1, 1);
    const before = await remembered();
    expect(before).toBeGreaterThan(0);
    for (const lists of AMOUNTS) await askFor(lists, 3);
    for (const values of AMOUNTS) await askFor(2, values);
    expect(await remembered()).toBe(before);
  });
});
