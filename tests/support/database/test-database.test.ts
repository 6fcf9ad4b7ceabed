import { createTestDatabase, rowsOf } from './test-database.ts';

const tables = `select table_name from information_schema.tables where table_schema = 'public'`;

describe('A test database', () => {
  it('has the tables of Platter and is writable', async () => {
    const database = await createTestDatabase();
    expect((await rowsOf(database.url, tables)).length).toBeGreaterThan(1);
    await rowsOf(database.url, 'create table written (here text)');
    await database.drop();
  });

  it('is empty with `migrated: false`', async () => {
    const database = await createTestDatabase({ migrated: false });
    expect(await rowsOf(database.url, tables)).toEqual([]);
    await database.drop();
  });

  it('is separate from others that are created concurrently', async () => {
    const databases = await Promise.all(Array.from({ length: 8 }, async () => createTestDatabase()));
    await Promise.all(databases.map(async ({ url }, at) => rowsOf(url, `create table mine_${at} (here text)`)));
    for (const [at, { url }] of databases.entries()) {
      expect(await rowsOf(url, `${tables} and table_name like 'mine%'`)).toEqual([{ table_name: `mine_${at}` }]);
    }
    await Promise.all(databases.map(async (database) => database.drop()));
  });

  it('can be dropped while a client is connected', async () => {
    const database = await createTestDatabase({ migrated: false });
    const asleep = rowsOf(database.url, 'select pg_sleep(60)').catch((error: unknown) => error);
    await database.drop();
    expect(await asleep).toBeInstanceOf(Error);
    await expect(rowsOf(database.url, 'select 1')).rejects.toThrow('does not exist');
  });
});
