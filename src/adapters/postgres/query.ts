import type { Page } from '../../domain/shared/page.ts';
import type { Binding, Session } from './session.ts';

type Question = readonly [sql: string, bindings?: readonly Binding[]];

/**
 * The rows that a statement answers. `?` stands for each binding; arrays are handed over as
 * PostgreSQL arrays.
 */
export async function rows<Row>(session: Session, sql: string, bindings: readonly Binding[] = []): Promise<Row[]> {
  return (await session.query<Row>(sql, bindings)).rows;
}

/** As `rows`, for a search: see `Session.queryPlanned`. */
export async function searchedRows<Row>(
  session: Session,
  sql: string,
  bindings: readonly Binding[] = [],
): Promise<Row[]> {
  return (await session.queryPlanned<Row>(sql, bindings)).rows;
}

/** The first row that a statement answers, or null. */
export async function firstRow<Row>(
  session: Session,
  sql: string,
  bindings: readonly Binding[] = [],
  ask = rows,
): Promise<Row | null> {
  return (await ask<Row>(session, sql, bindings))[0] ?? null;
}

/** Runs a statement behind those before it, without waiting for it: see `Session.enqueue`. */
export async function enqueue(session: Session, sql: string, bindings: readonly Binding[] = []): Promise<void> {
  session.enqueue(sql, bindings);
  return Promise.resolve();
}

/** Runs a statement and answers how many rows it touched. */
export async function touch(session: Session, sql: string, bindings: readonly Binding[] = []): Promise<number> {
  return (await session.query(sql, bindings)).rowCount ?? 0;
}

/**
 * A page of what a list has, and how many there are in all, which `counting` answers as `total`;
 * asked side by side.
 */
export async function pageOf<Item>(
  session: Session,
  counting: Question,
  listing: Question,
  itemFrom: (row: never) => Item,
): Promise<Page<Item>> {
  const [[count], found] = await Promise.all([
    rows<{ total: string }>(session, ...counting),
    rows<never>(session, ...listing),
  ]);
  return { total: Number(count?.total), items: found.map((row) => itemFrom(row)) };
}
