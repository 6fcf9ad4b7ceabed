import { createTestDatabase, withConnection, type Ask, type TestDatabase } from './test-database.ts';

/** A migrated database for one test, which later tests of the same file reuse. */
export interface ReusableDatabase {
  readonly url: string;
  /**
   * Disconnects all other sessions and restores the rows and sequences of a migrated database.
   * Drops the database if the test changed its schema.
   */
  release(): Promise<void>;
}

/** A database with the statements that restore it. */
interface Restorable {
  readonly database: TestDatabase;
  readonly schema: unknown;
  readonly restore: string;
}

const idle: Restorable[] = [];

/** Returns an idle database of this test file, or creates one. */
export async function acquireDatabase(): Promise<ReusableDatabase> {
  const acquired = idle.pop() ?? (await createRestorable());
  const { url } = acquired.database;
  return {
    url,
    release: async () => {
      const isRestored = await withConnection(url, async (ask) => {
        await ask(DISCONNECT_OTHERS);
        const [found] = await ask(SCHEMA);
        if (found?.schema !== acquired.schema) return false;
        await ask(acquired.restore);
        return true;
      });
      if (isRestored) idle.push(acquired);
      else await acquired.database.drop();
    },
  };
}

async function createRestorable(): Promise<Restorable> {
  const database = await createTestDatabase();
  const { url } = database;
  return withConnection(url, async (ask) => {
    const [found] = await ask(SCHEMA);
    return { database, schema: found?.schema, restore: await restoringStatements(ask) };
  });
}

const DISCONNECT_OTHERS = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`;

/**
 * Lists tables, indexes, triggers and column counts: the result is equal unless a test changed the
 * schema.
 */
const SCHEMA = `
  select string_agg(relname || relnatts, ',' order by relname)
    || (select count(*) from pg_trigger) || ',' || (select count(*) from pg_proc) as schema
  from pg_class where relnamespace = 'public'::regnamespace`;

/**
 * Returns the statements that delete all rows, insert the current ones again and reset the
 * sequences. Deleting few rows is ten times cheaper than `truncate`, which creates files for all
 * tables and indexes. Without triggers the order of the tables does not matter.
 */
async function restoringStatements(askRows: Ask): Promise<string> {
  const ask = async (statement: string): Promise<string[][]> =>
    (await askRows(statement)).map((row) => Object.values(row).map(String));
  const tables = await ask(
    `select relname, string_agg(quote_ident(attname), ', ')
     from pg_class join pg_attribute on attrelid = pg_class.oid
     where relkind = 'r' and relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped and attgenerated = ''
     group by relname`,
  );
  const sequences = await ask(
    `select format('setval(%L, %s, %L)', sequencename, coalesce(last_value, start_value), last_value is not null)
     from pg_sequences where schemaname = 'public'`,
  );
  const statements = ['set session_replication_role = replica'];
  for (const [table = '', columns = ''] of tables) {
    const inserts = await ask(
      `select format('insert into ${table} (${columns}) overriding system value
         select ${columns} from json_populate_recordset(null::${table}, %L)', json_agg(t))
       from ${table} t having count(*) > 0`,
    );
    statements.push(`delete from ${table}`, ...inserts.flat());
  }
  statements.push(...sequences.flat().map((call) => `select ${call}`));
  return statements.join(';\n');
}

afterAll(async () => {
  for (const { database } of idle.splice(0)) await database.drop();
});
