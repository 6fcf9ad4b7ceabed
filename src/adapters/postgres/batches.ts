import type { Batch, ListCursor } from '../../domain/shared/page.ts';

/** So many bytes of texts a batch has, but for its last row. */
const MAX_BYTES = 1_048_576;

/**
 * So many objects a batch has of a list whose objects are small: one more than a list that is not
 * long.
 */
export const LISTED_AT_ONCE = 501;

/** A row of a list, with the moment at which its object was made. */
export interface CursorRow {
  readonly id: string;
  readonly at: string;
}

/** A moment as `ListPlace` has it. */
export function momentOf(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/**
 * Of the rows of `page`, which has `created_at`, `id` and `bytes`, in their order, the first ones
 * that fit into a batch.
 */
export function fittingOf(page: string, columns: string): string {
  return `select ${columns}, ${momentOf('created_at')} as at
    from (select *, sum(bytes) over (order by created_at, id) - bytes as bytes_before from (${page}) as page) as sized
    where bytes_before < ${MAX_BYTES} order by created_at, id`;
}

/** A batch of these rows. */
export function batchOf<T>(found: readonly CursorRow[], items: readonly T[]): Batch<T> {
  const row = found.at(-1);
  const last: ListCursor | null = row === undefined ? null : { at: row.at, id: row.id };
  return { items, last };
}
