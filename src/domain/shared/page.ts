/** The requested page of a list. */
export interface PageTerms {
  /** The maximum number of items; null for all. */
  readonly limit: number | null;
  /** The number of items to skip. */
  readonly offset: number;
}

/** A page of a list, and the length of the list. */
export interface Page<T> {
  readonly total: number;
  readonly items: readonly T[];
}

/**
 * A position in a list that is read in batches: after the object with this creation time and id.
 */
export interface ListCursor {
  /** ISO 8601 with microseconds. */
  readonly at: string;
  readonly id: string;
}

/** The position before the first object of any list. */
export const LIST_START: ListCursor = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

/**
 * A part of a list that fits into memory. It may be shorter than requested, but is only empty at
 * the end of the list.
 */
export interface Batch<T, Cursor = ListCursor> {
  readonly items: readonly T[];
  /** The position of its last item; null if the list is known to end there. */
  readonly last: Cursor | null;
}

/** The first batch of a list, and the length of the list. */
export interface FirstBatch<T, Cursor = ListCursor> extends Batch<T, Cursor> {
  readonly total: number;
}

/** A list of known length that is read in batches. */
export interface LongList<T> extends WholeList<T> {
  readonly total: number;
}

/** A list without limit and offset that is read in batches. */
export interface WholeList<T> {
  /** The first batch. */
  readonly items: readonly T[];
  /** The further batches; null if there are none. */
  readonly rest: {
    /** Each is read in its own unit of work; no lock is held between them. */
    readonly batches: AsyncIterable<readonly T[]>;
    /** Stops reading. Idempotent. */
    readonly end: () => void;
  } | null;
}
