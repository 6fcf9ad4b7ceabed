import type { Transaction } from '../../../src/application/ports/unit-of-work.ts';
import type { TestDepot } from '../fixtures/test-depot.ts';
import { recordQueries, type RecordedQuery } from './recorded-queries.ts';

/** Returns the tables that PostgreSQL scans sequentially for the statements of `ask`. */
export async function sequentiallyScanned(
  { pool, knex, work }: TestDepot,
  ask: (tx: Transaction) => Promise<unknown>,
): Promise<readonly string[]> {
  const queries: RecordedQuery[] = [];
  const stop = recordQueries(pool, (query) => {
    if (/^(select|with|update|delete|insert)/.test(query.text)) queries.push(query);
  });
  await work.run(ask).finally(stop);
  expect(queries).not.toEqual([]);
  const plans: string[] = [];
  for (const { text, values } of queries) {
    const { rows } = await knex.raw<{ rows: { 'QUERY PLAN': string }[] }>(
      `explain ${text.replace(/\$\d+/g, '?')}`,
      values as never,
    );
    plans.push(...rows.map((row) => row['QUERY PLAN']));
  }
  return plans.flatMap((line) => /Seq Scan on (\w+)/.exec(line)?.[1] ?? []);
}
