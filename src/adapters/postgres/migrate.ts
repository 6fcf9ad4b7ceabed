import type { Knex } from 'knex';
import type { Migration } from './migration.ts';
import { MIGRATIONS, TABLE } from './migrations.ts';

/** The key of the advisory lock for migrations. Arbitrary, but it must never change. */
const MIGRATION_LOCK = 7_310_424_091;

/** How long this replica waits for the migration of another one. */
const MAX_LOCK_WAIT = '10min';

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
 * Brings the schema up to date. Idempotent. Replicas that start together wait for each other under
 * an advisory lock, which ends with its connection.
 *
 * @throws an Error when the database has migrations that this version does not know
 */
export async function migrateUp(knex: Knex): Promise<void> {
  await underLock(knex, async (transaction) => {
    await requireKnownMigrations(transaction);
    await transaction.migrate.latest(settings());
  });
}

/** Throws for unknown migrations; knex's own message would mention files. */
async function requireKnownMigrations(transaction: Knex.Transaction): Promise<void> {
  if (!(await transaction.schema.hasTable(TABLE))) return;
  const done = await transaction<{ name: string }>(TABLE).select('name');
  const unknown = done.map(({ name }) => name).filter((name) => !MIGRATIONS.some((known) => known.name === name));
  if (unknown.length === 0) return;
  throw new Error(`the database was used by a newer Platter: this one does not know ${unknown.join(', ')}`);
}

/** Reverts every migration and deletes all rows. */
export async function migrateDown(knex: Knex): Promise<void> {
  await underLock(knex, (transaction) => transaction.migrate.rollback(settings(), true));
}

function settings(): Knex.MigratorConfig {
  return { migrationSource: source, tableName: TABLE, disableMigrationsListValidation: false };
}

/** The lock belongs to the transaction, so it ends with the connection. */
async function underLock(knex: Knex, work: (transaction: Knex.Transaction) => Promise<unknown>): Promise<void> {
  await knex.transaction(async (transaction) => {
    await transaction.raw(`set local lock_timeout = '${MAX_LOCK_WAIT}'`);
    await transaction.raw(`set local statement_timeout = 0`);
    await transaction.raw('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    await work(transaction);
  });
}

async function runAll(transaction: Knex, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await transaction.raw(statement);
}
