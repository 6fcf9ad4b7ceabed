import type { Page } from '../../domain/shared/page.ts';
import type { Binding, Session } from './session.ts';

type Query = readonly [sql: string, bindings?: readonly Binding[]];

/**
 * Returns the rows of a statement. `?` stands for each binding; arrays are passed as PostgreSQL
 * arrays.
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

/** As `rows`, for a statement that is planned once: see `Session.queryPlannedOnce`. */
export async function rowsPlannedOnce<Row>(
  session: Session,
  sql: string,
  bindings: readonly Binding[] = [],
): Promise<Row[]> {
  return (await session.queryPlannedOnce<Row>(sql, bindings)).rows;
}

/** Returns the first row of a statement, or null. */
export async function firstRow<Row>(
  session: Session,
  sql: string,
  bindings: readonly Binding[] = [],
  ask = rows,
): Promise<Row | null> {
  return (await ask<Row>(session, sql, bindings))[0] ?? null;
}

/** Sends a statement without waiting for its result: see `Session.enqueue`. */
export async function enqueue(session: Session, sql: string, bindings: readonly Binding[] = []): Promise<void> {
  session.enqueue(sql, bindings);
  return Promise.resolve();
}

/** Runs a statement and returns the number of affected rows. */
export async function touch(session: Session, sql: string, bindings: readonly Binding[] = []): Promise<number> {
  return (await session.query(sql, bindings)).rowCount ?? 0;
}

/**
 * Returns a page of a list and the total, which `counting` returns as `total`. Sends both at once.
 */
export async function pageOf<Item>(
  session: Session,
  counting: Query,
  listing: Query,
  itemFrom: (row: never) => Item,
): Promise<Page<Item>> {
  const [[count], found] = await Promise.all([
    rows<{ total: string }>(session, ...counting),
    rows<never>(session, ...listing),
  ]);
  return { total: Number(count?.total), items: found.map((row) => itemFrom(row)) };
}
