import knexModule, { type Knex } from 'knex';
import type { Pool } from 'pg';

/**
 * Opens knex, for the schema, on connections that somebody else opens and closes: it has nothing of
 * its own to close.
 */
export function openKnex(pool: Pool): Knex {
  return knexModule.knex({
    client: 'pg',
    connectionPool: pool,
    // Else the message of an error would hold the bindings, and with them secrets.
    compileSqlOnError: false,
    // What goes wrong is thrown as well, and standard output is for the log.
    log: { warn: nothing, error: nothing, deprecate: nothing, debug: nothing },
  });
}

function nothing(): void {
  // Said elsewhere.
}
