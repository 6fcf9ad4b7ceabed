import { createTestDatabase, rowsOf, type TestDatabase } from '../support/database/test-database.ts';
import { chargesPastALimit, installQuotaAudit } from './quota-audit.ts';

describe('The audit of charges', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await installQuotaAudit(database.url);
    await rowsOf(database.url, `insert into pools (id, name, capacity) values (1, 'small', 100)`);
    await rowsOf(database.url, `insert into usage (group_id, pool_id, used, quota) values (0, 1, 10, 10)`);
  });
  afterAll(async () => database.drop());

  const charge = async (statement: string): Promise<unknown> => {
    await rowsOf(database.url, statement);
    const found = await chargesPastALimit(database.url);
    await rowsOf(database.url, 'truncate audit');
    return found;
  };

  it.each([
    ['up to the capacity', 'update pools set used = 100'],
    ['that shrinks usage above its quota', 'update usage set used = 5, quota = 1'],
    ['of zero bytes above a lowered limit', 'update usage set used = used + 0'],
    ['without a limit', 'update usage set used = used + 1000, quota = 0'],
  ])('finds nothing in a charge %s', async (_what, statement) => {
    expect(await charge(statement)).toEqual([]);
  });

  it('finds a charge past a quota, and one past a capacity', async () => {
    expect(await charge('update usage set used = 12, quota = 12')).toEqual([]);
    expect(await charge('update usage set used = 13')).toEqual([{ what: 'group 0 on pool 1', used: '13', max: '12' }]);
    expect(await charge('update pools set used = 101')).toEqual([{ what: 'pool 1', used: '101', max: '100' }]);
  });

  it('finds a new row past its quota', async () => {
    await rowsOf(database.url, 'delete from usage');
    const begun = 'insert into usage (group_id, pool_id, used, quota) values (0, 1, 2, 1)';
    expect(await charge(begun)).toEqual([{ what: 'group 0 on pool 1', used: '2', max: '1' }]);
  });
});
