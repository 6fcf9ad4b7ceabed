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
