import type { Pool } from 'pg';
import { MIGRATIONS, TABLE } from './migrations.ts';

/**
 * Brings the schema up to date. Most starts find it so, and do not load knex, which is an eighth of
 * what a start would load.
 */
export async function bringSchemaUpToDate(pool: Pool): Promise<void> {
  if (await isUpToDate(pool)) return;
  const { openKnex } = await import('./schema-builder.ts');
  const { migrateUp } = await import('./migrate.ts');
  await migrateUp(openKnex(pool));
}

/** Whether exactly the migrations were done that there are. */
async function isUpToDate(pool: Pool): Promise<boolean> {
  const { rows: tables } = await pool.query<{ there: boolean }>('select to_regclass($1) is not null as there', [TABLE]);
  if (tables[0]?.there !== true) return false;
  const { rows } = await pool.query<{ name: string }>(`select name from ${TABLE}`);
  const done = new Set(rows.map(({ name }) => name));
  return done.size === MIGRATIONS.length && MIGRATIONS.every(({ name }) => done.has(name));
}
