/** Which part of something long is wanted. */
export interface PageTerms {
  /** How many at most; null for all. */
  readonly limit: number | null;
  /** How many are left out before. */
  readonly offset: number;
}

/** A part of something long, and how long it is. */
export interface Page<T> {
  readonly total: number;
  readonly items: readonly T[];
}

/**
 * Where a list that is read in batches goes on: behind the object that was made then and has this
 * id.
 */
export interface ListCursor {
  /** ISO 8601 with microseconds. */
  readonly at: string;
  readonly id: string;
}

/** Before the first object of every list. */
export const LIST_START: ListCursor = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

/**
 * A part of a list that fits into memory. There may be fewer items than were asked for, but not
 * none where there are any.
 */
export interface Batch<T, Cursor = ListCursor> {
  readonly items: readonly T[];
  /** The place of the last of them; null where it is known that nothing is behind it. */
  readonly last: Cursor | null;
}

/** The first batch of a page, and how many there are in all. */
export interface FirstBatch<T, Cursor = ListCursor> extends Batch<T, Cursor> {
  readonly total: number;
}

/** A list of which no more than a batch is in memory at once, and how many there are in all. */
export interface LongList<T> extends WholeList<T> {
  readonly total: number;
}

/** A list without limit and offset, of which no more than a batch is in memory at once. */
export interface WholeList<T> {
  /** The first batch. */
  readonly items: readonly T[];
  /** What is behind it; null where that is all. */
  readonly rest: {
    /** Each is a unit of work of its own; nothing is held between them. */
    readonly batches: AsyncIterable<readonly T[]>;
    /** To be called when the list is not read any more. Calling it twice is fine. */
    readonly end: () => void;
  } | null;
}
