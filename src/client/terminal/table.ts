import Table from 'cli-table3';
import stringWidth from 'string-width';
import { printable } from '../values/printable.ts';

/** A column of a table. */
export interface Column<T> {
  readonly title: string;
  /** The text for people. */
  readonly show: (row: T) => string;
  /** The exact value for programs, where it differs. */
  readonly exact?: (row: T) => string;
  readonly align?: 'right';
}

const GAP = 2;
const MIN_WIDTH = 8;
/** A table without lines. */
const BARE = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((part) => [part, '']),
);

/**
 * Returns the lines of a table. With a width, for a terminal: with titles, and its widest columns
 * cut to fit; the last columns are left out when there is no space for all. Without, for programs:
 * exact values, separated by tabs, without titles.
 */
export function tableText<T>(columns: readonly Column<T>[], rows: readonly T[], width: number | null): string {
  if (width === null) return rows.map((row) => `${columns.map(exactly(row)).join('\t')}\n`).join('');
  const cells = rows.map((row) => columns.map(({ show }) => printable(show(row))));
  const natural = columns.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((row) => stringWidth(row[at] ?? ''))),
  );
  const fitting = columns.slice(0, fittingCount(natural, width));
  const table = new Table({
    head: fitting.map(({ title }) => title),
    colWidths: fitted(natural.slice(0, fitting.length), width).map((one) => one + GAP),
    colAligns: fitting.map(({ align }) => align ?? 'left'),
    chars: BARE,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
  });
  table.push(...cells.map((row) => row.slice(0, fitting.length)));
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

function exactly<T>(row: T): (column: Column<T>) => string {
  return ({ show, exact }) => printable((exact ?? show)(row));
}

/** Returns how many of the first columns fit when they are cut; at least one. */
function fittingCount(natural: readonly number[], width: number): number {
  const needed = natural.map((one) => Math.min(one, MIN_WIDTH) + GAP);
  let count = natural.length;
  while (count > 1 && sum(needed.slice(0, count)) > width) count -= 1;
  return count;
}

/** Takes the missing space from the widest columns. */
function fitted(natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural];
  for (let over = sum(widths) + GAP * widths.length - width; over > 0; over -= 1) {
    const widest = Math.max(...widths);
    if (widest <= MIN_WIDTH) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
