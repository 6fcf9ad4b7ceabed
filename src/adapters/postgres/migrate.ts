import type { Knex } from 'knex';
import type { Migration } from './migration.ts';
import { MIGRATIONS, TABLE } from './migrations.ts';

/**
 * Names the advisory lock that one migrating replica holds at a time; any number will do, as long
 * as it stays.
 */
const MIGRATION_LOCK = 7_310_424_091;

/** How long another replica may take with its migration before this one gives up. */
const LONGEST_WAIT = '10min';

const source: Knex.MigrationSource<Migration> = {
  getMigrations: () => Promise.resolve([...MIGRATIONS]),
  getMigrationName: (migration) => migration.name,
  getMigration: (migration) =>
    Promise.resolve({
      up: (transaction) => runAll(transaction, migration.up),
      down: (transaction) => runAll(transaction, migration.down),
    }),
};

/**
 * Brings the schema up to date; nothing happens where it is. Replicas that start together wait for
 * each other under an advisory lock, which a killed process leaves to nobody. Fails where the
 * database has migrations that this version does not know.
 */
export async function migrateUp(knex: Knex): Promise<void> {
  await underLock(knex, async (transaction) => {
    await refuseNewer(transaction);
    await transaction.migrate.latest(settings());
  });
}

/** knex would refuse it too, and speak of files. */
async function refuseNewer(transaction: Knex.Transaction): Promise<void> {
  if (!(await transaction.schema.hasTable(TABLE))) return;
  const done = await transaction<{ name: string }>(TABLE).select('name');
  const unknown = done.map(({ name }) => name).filter((name) => !MIGRATIONS.some((known) => known.name === name));
  if (unknown.length === 0) return;
  throw new Error(`the database was used by a newer Platter: this one does not know ${unknown.join(', ')}`);
}

/** Takes every migration back, with everything in the tables. */
export async function migrateDown(knex: Knex): Promise<void> {
  await underLock(knex, (transaction) => transaction.migrate.rollback(settings(), true));
}

function settings(): Knex.MigratorConfig {
  return { migrationSource: source, tableName: TABLE, disableMigrationsListValidation: false };
}

/** The lock belongs to the transaction, so it goes with the connection, however that ends. */
async function underLock(knex: Knex, work: (transaction: Knex.Transaction) => Promise<unknown>): Promise<void> {
  await knex.transaction(async (transaction) => {
    await transaction.raw(`set local lock_timeout = '${LONGEST_WAIT}'`);
    await transaction.raw(`set local statement_timeout = 0`);
    await transaction.raw('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    await work(transaction);
  });
}

async function runAll(transaction: Knex, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await transaction.raw(statement);
}
