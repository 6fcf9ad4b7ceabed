import { isUuid } from '../../domain/shared/ids.ts';
import type { Binding } from './session.ts';

/** Lists of values. A row must match at least one value of each list. */
export type AllOf = readonly (readonly string[])[];

/** A condition: fixed SQL and its bindings. */
export interface Filter {
  readonly sql: string;
  readonly bindings: readonly Binding[];
}

/** Returns the condition that `column` equals a value of every list; true without lists. */
export function equalsOneOfEach(column: string, type: 'uuid' | 'text', lists: AllOf): Filter {
  const [first, ...others] = lists;
  const values = first?.filter((value) => others.every((list) => list.includes(value))) ?? null;
  return { sql: `(?::${type}[] is null or ${column} = any(?::${type}[]))`, bindings: [values, values] };
}

/**
 * Returns the condition that every list matches; true without lists. `fitting` returns SQL that
 * compares its last binding with the number of lists in `wanted (list, value)` that have a matching
 * value; `bindings` come before it.
 */
export function matchesEach(
  type: 'uuid' | 'text',
  lists: AllOf,
  fitting: (wanted: string) => string,
  bindings: readonly Binding[] = [],
): Filter {
  const values = lists.flat();
  const numbers = lists.flatMap((list, number) => list.map(() => number));
  const wanted = `unnest(?::integer[], ?::${type}[]) as wanted (list, value)`;
  return {
    sql: `(?::integer = 0 or ${fitting(wanted)})`,
    bindings: [lists.length, numbers, values, ...bindings, lists.length],
  };
}

/** Removes values that PostgreSQL cannot store, and that therefore match no row. */
export function storable(lists: AllOf): AllOf {
  return lists.map((list) => list.filter((value) => value.isWellFormed() && !value.includes('\0')));
}

/** Keeps only UUIDs, in lower case: other values match no row. */
export function uuids(lists: AllOf): AllOf {
  return lists.map((list) => list.filter(isUuid).map((id) => id.toLowerCase()));
}

/** Matches every row. */
export const ALL: Filter = { sql: 'true', bindings: [] };

/** Combines filters with `and`. */
export function allOf(filters: readonly Filter[]): Filter {
  return {
    sql: filters.map(({ sql }) => sql).join(' and '),
    bindings: filters.flatMap(({ bindings }) => bindings),
  };
}
