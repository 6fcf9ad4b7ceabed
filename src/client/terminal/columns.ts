import { formatSize } from '../values/sizes.ts';
import { formatTime } from '../values/times.ts';
import type { Column } from './table.ts';

/** What stands for a value that there is not. */
const NOTHING = '-';

/** Returns a column of bytes, with a dash for null. */
export function sizeColumn<T>(title: string, sizeOf: (row: T) => number | null): Column<T> {
  return { ...column(title, sizeOf, formatSize), align: 'right' };
}

/** Returns a column of times, with a dash for null. */
export function timeColumn<T>(title: string, timeOf: (row: T) => string | null): Column<T> {
  return column(title, timeOf, formatTime);
}

function column<T, V extends string | number>(
  title: string,
  valueOf: (row: T) => V | null,
  format: (value: V) => string,
): Column<T> {
  const cell = (row: T, text: (value: V) => string): string => {
    const value = valueOf(row);
    return value === null ? NOTHING : text(value);
  };
  return { title, show: (row) => cell(row, format), exact: (row) => cell(row, String) };
}
