/**
 * The position of an item in a sorted list: the value of its sort key, and its id, which breaks
 * ties.
 */
export interface KeysetPosition {
  readonly value: string | number;
  readonly id: string;
}

/** A page of a list that is sorted by `Sort`. */
export interface KeysetTerms<Sort extends string> {
  readonly limit: number;
  readonly sort: Sort;
  readonly isDescending: boolean;
  /** The last item of the page before; null for the first page. */
  readonly after: KeysetPosition | null;
  /** Whether the items of the whole list are counted, up to `MAX_COUNTED`. */
  readonly counts: boolean;
}

/** A page, which stays as it is while items are inserted elsewhere. */
export interface KeysetPage<T> {
  readonly items: readonly T[];
  /** The position of its last item; null if the list ends there. */
  readonly last: KeysetPosition | null;
  /** Null unless the items were counted. */
  readonly total: number | null;
}

/** Counting stops here. */
export const MAX_COUNTED = 10_000;
