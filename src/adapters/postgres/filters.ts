import { isUuid } from '../../domain/shared/ids.ts';
import type { Binding } from './session.ts';

/** Lists of which every one has to fit, with any of its values. */
export type AllOf = readonly (readonly string[])[];

/** A condition with a fixed text, and its bindings. */
export interface Filter {
  readonly sql: string;
  readonly bindings: readonly Binding[];
}

/** Whether `column` is among the values that are in every list; true where there is no list. */
export function equalsOneOfEach(column: string, type: 'uuid' | 'text', lists: AllOf): Filter {
  const [first, ...others] = lists;
  const values = first?.filter((value) => others.every((list) => list.includes(value))) ?? null;
  return { sql: `(?::${type}[] is null or ${column} = any(?::${type}[]))`, bindings: [values, values] };
}

/**
 * Whether every list fits; true where there is no list. `fitting` compares how many lists of
 * `wanted (list, value)` have a value that fits with its last binding, before which `bindings`
 * come.
 */
export function fitsEach(
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

/** Values that PostgreSQL can be asked for: nothing that is stored holds others. */
export function askable(lists: AllOf): AllOf {
  return lists.map((list) => list.filter((value) => value.isWellFormed() && !value.includes('\0')));
}

/** Values that are ids: nothing has another one. */
export function uuids(lists: AllOf): AllOf {
  return lists.map((list) => list.filter(isUuid).map((id) => id.toLowerCase()));
}

/** Nothing is filtered. */
export const ALL: Filter = { sql: 'true', bindings: [] };

/** All filters in one condition. */
export function allOf(filters: readonly Filter[]): Filter {
  return {
    sql: filters.map(({ sql }) => sql).join(' and '),
    bindings: filters.flatMap(({ bindings }) => bindings),
  };
}
