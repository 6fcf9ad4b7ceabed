const SORTS = ['name', '-name', 'size', '-size', 'created', '-created'] as const;
const STATES = ['creating', 'uploading', 'cloning', 'resizing', 'ready'] as const;

/** The filters and the order of the media page, as they stand in its address. */
export interface MediaSearch {
  readonly q?: string;
  readonly group?: number;
  readonly pool?: number;
  readonly type?: string;
  readonly state?: (typeof STATES)[number];
  readonly sort?: (typeof SORTS)[number];
}

export type MediaSort = NonNullable<MediaSearch['sort']>;

export const DEFAULT_SORT: MediaSort = '-created';
export const MIN_SEARCH_CHARACTERS = 3;

/** Reads the search part of an address; leaves out everything that is not a filter. */
export function readMediaSearch(search: Readonly<Record<string, unknown>>): MediaSearch {
  const { q, group, pool, type, state, sort } = search;
  return {
    ...(typeof q === 'string' && q !== '' && { q }),
    ...(isId(group) && { group }),
    ...(isId(pool) && { pool }),
    ...(typeof type === 'string' && type !== '' && { type }),
    ...(isOneOf(STATES, state) && { state }),
    ...(isOneOf(SORTS, sort) && { sort }),
  };
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isOneOf<T extends string>(values: readonly T[], value: unknown): value is T {
  return (values as readonly unknown[]).includes(value);
}
