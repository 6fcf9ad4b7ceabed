import type { Knex } from 'knex';
import type { Pool } from 'pg';
import { openDatabase, type Connections } from '../../src/adapters/postgres/database.ts';
import { openKnex } from '../../src/adapters/postgres/schema-builder.ts';
import { PostgresUnitOfWork } from '../../src/adapters/postgres/unit-of-work.ts';
import type { UnitOfWork } from '../../src/application/ports/unit-of-work.ts';
import { expectNoDriftOfBytes } from './invariant.ts';
import { lendDatabase } from './lent-database.ts';

/** A migrated database without data, with everything that use cases need of it. */
export interface TestDepot {
  readonly url: string;
  readonly pool: Pool;
  /** The same, as the program takes them. */
  readonly connections: Connections;
  /** The same connections, for what tests ask themselves. */
  readonly knex: Knex;
  readonly work: UnitOfWork;
  /** Runs one statement on one of its connections and returns the rows. */
  rows(statement: string): Promise<Record<string, unknown>[]>;
  /**
   * The end of a test: fails when usage is not the sum of the bytes that count, and gives the
   * database to the next test of the file.
   */
  close(): Promise<void>;
}

export async function openTestDepot(): Promise<TestDepot> {
  const database = await lendDatabase();
  const open = openDatabase({ url: database.url, connections: 10 });
  return {
    url: database.url,
    pool: open.pool,
    connections: open,
    knex: openKnex(open.pool),
    work: new PostgresUnitOfWork(open.pool),
    rows: async (statement) => (await open.pool.query<Record<string, unknown>>(statement)).rows,
    async close() {
      try {
        await expectNoDriftOfBytes(database.url);
      } finally {
        await open.close();
        await database.release();
      }
    },
  };
}
