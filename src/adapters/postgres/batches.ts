import type { Batch, ListCursor } from '../../domain/shared/page.ts';

/** The limit for the texts of a batch; its last row may exceed it. */
const MAX_BATCH_BYTES = 1_048_576;

/** The limit for the items of a batch of small items: one more than a short list has. */
export const MAX_BATCH_ITEMS = 501;

/** A row of a list, with the time of its creation. */
export interface CursorRow {
  readonly id: string;
  readonly at: string;
}

/** SQL: a timestamp in the format of `ListCursor`. */
export function momentOf(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/**
 * SQL: the first rows of `page` that fit into a batch, in their order. `page` has the columns
 * `created_at`, `id` and `bytes`.
 */
export function fittingOf(page: string, columns: string): string {
  return `select ${columns}, ${momentOf('created_at')} as at
    from (select *, sum(bytes) over (order by created_at, id) - bytes as bytes_before from (${page}) as page) as sized
    where bytes_before < ${MAX_BATCH_BYTES} order by created_at, id`;
}

/** Returns a batch of these rows. */
export function batchOf<T>(found: readonly CursorRow[], items: readonly T[]): Batch<T> {
  const row = found.at(-1);
  const last: ListCursor | null = row === undefined ? null : { at: row.at, id: row.id };
  return { items, last };
}
