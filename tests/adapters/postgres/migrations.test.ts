import type { Knex } from 'knex';
import { openDatabase, type Database } from '../../../src/adapters/postgres/database.ts';
import { migrateDown, migrateUp } from '../../../src/adapters/postgres/migrate.ts';
import { openKnex } from '../../../src/adapters/postgres/schema-builder.ts';
import { gate } from '../../support/waiting/gate.ts';
import { createTestDatabase, rowsOf, type TestDatabase } from '../../support/database/test-database.ts';
import { until } from '../../support/waiting/until.ts';

const TABLES = `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'S')`;
/** The tables of the migrator. */
const MIGRATOR_TABLES = ['migrations', 'migrations_id_seq', 'migrations_lock', 'migrations_lock_index_seq'];

describe('The migrations', () => {
  let database: TestDatabase;
  let open: Database;
  let knex: Knex;
  beforeEach(async () => {
    database = await createTestDatabase({ migrated: false });
    open = openDatabase({ url: database.url, maxConnections: 4 });
    knex = openKnex(open.pool);
  });
  afterEach(async () => {
    await open.close();
    await database.drop();
  });

  async function names(): Promise<readonly unknown[]> {
    return (await rowsOf(database.url, TABLES)).map(({ name }) => name);
  }

  /** Returns the whole schema as one text. */
  async function schema(): Promise<unknown> {
    return [
      await rowsOf(
        database.url,
        `select table_name, column_name, data_type, is_nullable, column_default, collation_name
         from information_schema.columns where table_schema = 'public' order by 1, 2`,
      ),
      await rowsOf(
        database.url,
        `select conrelid::regclass::text, conname, pg_get_constraintdef(oid) as definition from pg_constraint
         where connamespace = 'public'::regnamespace order by 1, 2`,
      ),
      await rowsOf(database.url, `select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1`),
      await rowsOf(database.url, `select viewname, definition from pg_views where schemaname = 'public' order by 1`),
    ];
  }

  it('go up, down and up again to the same schema', async () => {
    await migrateUp(knex);
    const first = await schema();
    await migrateDown(knex);
    expect(new Set(await names())).toEqual(new Set(MIGRATOR_TABLES));
    await migrateUp(knex);
    expect(await schema()).toEqual(first);
    expect(await names()).toContain('media');
  });

  it('do nothing on a current schema, and keep its rows', async () => {
    await migrateUp(knex);
    const [before] = await rowsOf(database.url, 'select id from installation');
    await migrateUp(knex);
    expect(await rowsOf(database.url, 'select id from installation')).toEqual([before]);
  });

  it('give every database an installation id of its own', async () => {
    await migrateUp(knex);
    const [first] = await rowsOf(database.url, 'select id from installation');
    await migrateDown(knex);
    await migrateUp(knex);
    const [second] = await rowsOf(database.url, 'select id from installation');
    expect(second!.id).not.toBe(first!.id);
  });

  it('are run once by replicas that start together', async () => {
    const others = Array.from({ length: 4 }, () => openDatabase({ url: database.url, maxConnections: 1 }));
    await Promise.all([open, ...others].map(async (replica) => migrateUp(openKnex(replica.pool))));
    for (const other of others) await other.close();
    const ran = (await rowsOf(database.url, 'select name from migrations')).map(({ name }) => name);
    expect(ran).toContain('0001-depot');
    expect(new Set(ran).size).toBe(ran.length);
    expect(await rowsOf(database.url, 'select count(*)::int as rows from installation')).toEqual([{ rows: 1 }]);
  });

  it('leave nothing behind when they are killed halfway, and run afterwards', async () => {
    // An uncommitted table with the name of a later one makes the migration wait for this
    // transaction.
    const go = gate();
    const inTheWay = gate();
    const holding = knex
      .transaction(async (transaction) => {
        await transaction.raw('create table media (in_the_way text)');
        inTheWay.open();
        await go.opened;
        throw new Error('never mind');
      })
      .catch(() => undefined);
    await inTheWay.opened;
    const killed = expect(migrateUp(knex)).rejects.toThrow();
    await until('the migration waits', async () => {
      const waiting = await rowsOf(
        database.url,
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query like 'create table media (%id uuid%' and wait_event_type = 'Lock'`,
      );
      return waiting.length > 0;
    });
    await killed;
    go.open();
    await holding;
    expect(await names()).toEqual([]);
    await migrateUp(knex);
    expect(await names()).toContain('media');
  });

  it('are refused on a database that a newer version has migrated', async () => {
    await migrateUp(knex);
    await rowsOf(database.url, `insert into migrations (name, batch, migration_time) values ('9999-later', 2, now())`);
    await expect(migrateUp(knex)).rejects.toThrow('9999-later');
    expect(await names()).toContain('media');
  });

  it('describe every table and column', async () => {
    await migrateUp(knex);
    const silent = await rowsOf(
      database.url,
      `select pg_class.relname as table, attname as column
       from pg_class left join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
       where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not like 'migrations%'
         and (obj_description(pg_class.oid) is null or col_description(pg_class.oid, attnum) is null)`,
    );
    expect(silent).toEqual([]);
    const [view] = await rowsOf(database.url, `select obj_description('usage_drift'::regclass) as about`);
    expect(view!.about).toMatch(/invariant/);
  });

  it('name in those descriptions who and what they speak of', async () => {
    await migrateUp(knex);
    const vague = await rowsOf(
      database.url,
      `select objoid::regclass::text as table, objsubid as column, description from pg_description
       where classoid = 'pg_class'::regclass and objoid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
         and description ~* '\\y(who(m|so)?ever|(some|no|any|every)body|someone|anyone|by (it|them)sel(f|ves)|can(not)? not|can''t)\\y'`,
    );
    expect(vague).toEqual([]);
  });
});
