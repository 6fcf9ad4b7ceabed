import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { TestDepot } from './depot.ts';

/** The tables that PostgreSQL reads from end to end when it does what is asked. */
export async function readWhole(
  { knex, work }: TestDepot,
  ask: (tx: Transaction) => Promise<unknown>,
): Promise<readonly string[]> {
  const asked: { sql: string; bindings: unknown[] }[] = [];
  const note = ({ sql, bindings }: { sql: string; bindings: unknown[] }): void => {
    if (/^(select|with|update|delete|insert)/.test(sql)) asked.push({ sql, bindings });
  };
  knex.on('query', note);
  try {
    await work.run(ask);
  } finally {
    knex.off('query', note);
  }
  expect(asked).not.toEqual([]);
  const plans: string[] = [];
  for (const { sql, bindings } of asked) {
    const { rows } = await knex.raw<{ rows: { 'QUERY PLAN': string }[] }>(
      `explain ${sql.replace(/\$\d+/g, '?')}`,
      bindings as never,
    );
    plans.push(...rows.map((row) => row['QUERY PLAN']));
  }
  return plans.flatMap((line) => /Seq Scan on (\w+)/.exec(line)?.[1] ?? []);
}
