import type { Pool } from 'pg';
import { MIGRATIONS, TABLE } from './migrations.ts';

/**
 * Brings the schema up to date. Loads knex only if there is a migration to run, since it makes up
 * an eighth of the code that a start loads.
 */
export async function bringSchemaUpToDate(pool: Pool): Promise<void> {
  if (await isUpToDate(pool)) return;
  const { openKnex } = await import('./schema-builder.ts');
  const { migrateUp } = await import('./migrate.ts');
  await migrateUp(openKnex(pool));
}

/** Returns whether exactly the known migrations were run. */
async function isUpToDate(pool: Pool): Promise<boolean> {
  const { rows: tables } = await pool.query<{ exists: boolean }>('select to_regclass($1) is not null as exists', [
    TABLE,
  ]);
  if (tables[0]?.exists !== true) return false;
  const { rows } = await pool.query<{ name: string }>(`select name from ${TABLE}`);
  const done = new Set(rows.map(({ name }) => name));
  return done.size === MIGRATIONS.length && MIGRATIONS.every(({ name }) => done.has(name));
}
