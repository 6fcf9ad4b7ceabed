import type { Knex } from 'knex';

/** The rows that a statement answers. `?` stands for each binding; arrays are handed over as PostgreSQL arrays. */
export async function rows<Row>(transaction: Knex, sql: string, bindings: readonly Binding[] = []): Promise<Row[]> {
  const answer = await transaction.raw<{ rows: Row[] }>(sql, bindings as Knex.RawBinding[]);
  return answer.rows;
}

/** The first row that a statement answers, or null. */
export async function firstRow<Row>(
  transaction: Knex,
  sql: string,
  bindings: readonly Binding[] = [],
): Promise<Row | null> {
  return (await rows<Row>(transaction, sql, bindings))[0] ?? null;
}

/** Runs a statement and answers how many rows it touched. */
export async function touch(transaction: Knex, sql: string, bindings: readonly Binding[] = []): Promise<number> {
  const answer = await transaction.raw<{ rowCount: number | null }>(sql, bindings as Knex.RawBinding[]);
  return answer.rowCount ?? 0;
}

type Binding = string | number | boolean | null | Uint8Array | readonly (string | number)[];
