import type { Knex } from 'knex';
import type { Migration } from './migration.ts';
import { depot } from './migrations/0001-depot.ts';
import { imageFacts } from './migrations/0002-image-facts.ts';
import { fingerprints } from './migrations/0003-fingerprints.ts';
import { settling } from './migrations/0004-settling.ts';
import { labels } from './migrations/0010-labels.ts';
import { library } from './migrations/0011-library.ts';
import { jobs } from './migrations/0012-jobs.ts';
import { serversTags } from './migrations/0013-servers-tags.ts';
import { privateCopies } from './migrations/0015-private-copies.ts';
import { audit } from './migrations/0016-audit.ts';
import { scrub } from './migrations/0017-scrub.ts';
import { places } from './migrations/0018-places.ts';
import { foldedNames } from './migrations/0019-folded-names.ts';
import { attachmentRights } from './migrations/0021-attachment-rights.ts';
import { homeGroups } from './migrations/0022-home-groups.ts';
import { abandonedMedia } from './migrations/0023-abandoned-media.ts';
import { encryptionAndDerivedCapacity } from './migrations/0024-encryption-and-derived-capacity.ts';
import { composedNames } from './migrations/0025-composed-names.ts';
import { authkeyLife } from './migrations/0026-authkey-life.ts';
import { makers } from './migrations/0027-makers.ts';
import { jobTenants } from './migrations/0028-job-tenants.ts';
import { items } from './migrations/0029-items.ts';
import { origins } from './migrations/0030-origins.ts';

/** Every migration, oldest first. */
const MIGRATIONS: readonly Migration[] = [
  depot,
  imageFacts,
  fingerprints,
  settling,
  labels,
  library,
  jobs,
  serversTags,
  privateCopies,
  audit,
  scrub,
  places,
  foldedNames,
  attachmentRights,
  homeGroups,
  abandonedMedia,
  encryptionAndDerivedCapacity,
  composedNames,
  authkeyLife,
  makers,
  jobTenants,
  items,
  origins,
];

/** Where knex keeps what was done. */
const TABLE = 'migrations';

/** Names the advisory lock that one migrating replica holds at a time; any number will do, as long as it stays. */
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
 * Brings the schema up to date; nothing happens where it is. Replicas that start together wait for each other under an advisory lock,
 * which a killed process leaves to nobody. Fails where the database has migrations that this version does not know.
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
