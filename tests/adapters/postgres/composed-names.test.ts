import type { Knex } from 'knex';
import { composedNames } from '../../../src/adapters/postgres/migrations/0025-composed-names.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';

const APART = 'Zoe\u0308';
const COMPOSED = 'Zo\u00eb';

describe('The migration to composed names', () => {
  let depot: TestDepot;
  beforeEach(async () => (depot = await openTestDepot()));
  afterEach(async () => depot.close());

  async function migrated(...names: readonly string[]): Promise<readonly string[]> {
    const users: Knex.QueryBuilder<{ name: string }> = depot.knex('users');
    await users.insert(names.map((name) => ({ name, password_hash: 'no hash' })));
    for (const statement of composedNames.up) await depot.knex.raw(statement);
    const rows: readonly { name: string }[] = await depot.knex('users').select('name').orderBy('id');
    return rows.map(({ name }) => name);
  }

  it('composes the names of users', async () => {
    expect(await migrated('ann', APART)).toEqual(['ann', COMPOSED]);
  });

  it('keeps a name whose composed form another user has or gets', async () => {
    expect(await migrated(COMPOSED, APART, '\u212b', 'A\u030a')).toEqual([COMPOSED, APART, '\u00c5', 'A\u030a']);
  });

  it('keeps the names of users that differ only in composition', async () => {
    await migrated(COMPOSED, APART);
    await depot.work.read(async (tx) => {
      for (const name of [COMPOSED, APART]) expect((await tx.users.findCredential(name))?.user.name).toBe(name);
    });
  });
});
