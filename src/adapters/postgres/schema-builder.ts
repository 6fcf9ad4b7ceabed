import knexModule, { type Knex } from 'knex';
import type { Pool } from 'pg';

/**
 * Opens knex, for the schema, on connections that the caller opens and closes. There is nothing
 * else to close.
 */
export function openKnex(pool: Pool): Knex {
  return knexModule.knex({
    client: 'pg',
    connectionPool: pool,
    // Otherwise error messages would contain the bindings, and with them secrets.
    compileSqlOnError: false,
    // Errors are thrown as well, and standard output is for the log.
    log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
  });
}

function ignore(): void {
  // Errors are thrown as well.
}
