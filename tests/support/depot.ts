import type { Knex } from 'knex';
import { openDatabase } from '../../src/adapters/postgres/database.ts';
import { PostgresUnitOfWork } from '../../src/adapters/postgres/unit-of-work.ts';
import type { UnitOfWork } from '../../src/application/ports/unit-of-work.ts';
import { expectNoDrift } from './invariant.ts';
import { createTestDatabase } from './postgres.ts';

/** A fresh database, migrated, with everything that use cases need of it. */
export interface TestDepot {
  readonly url: string;
  readonly knex: Knex;
  readonly work: UnitOfWork;
  /** The end of a test: fails when usage is not the sum of what counts, and removes the database. */
  close(): Promise<void>;
}

export async function openTestDepot(): Promise<TestDepot> {
  const database = await createTestDatabase();
  const knex = openDatabase({ url: database.url, connections: 10 });
  return {
    url: database.url,
    knex,
    work: new PostgresUnitOfWork(knex),
    async close() {
      try {
        await expectNoDrift(database.url);
      } finally {
        await knex.destroy();
        await database.drop();
      }
    },
  };
}
