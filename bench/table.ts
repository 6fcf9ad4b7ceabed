import type { Result, Results } from './results.ts';
import type { Figures } from './frame/rounds.ts';

/** Formats the results as a Markdown table with remarks below. `before` is an earlier run. */
export function tableOf({ extent, rows }: Results, before: Results | null): string {
  const header = ['row', 'what', 'median', 'min', 'max', 'at least', 'dream', 'reached', 'absolute (medians)'];
  if (before !== null) header.push('before', 'change');
  const cells = rows.map((row) => [...cellsOf(row), ...(before === null ? [] : comparedWith(before, row))]);
  const remarks = rows.flatMap(({ name, remarks: made }) => made.map((remark) => `${name}: ${remark}`));
  const played = `${extent.rounds} rounds, files of ${formatted(extent.size / 2 ** 20)} MiB, up to ${extent.media} media`;
  return [...aligned([header, ...cells]), '', played, ...remarks, ''].join('\n');
}

function cellsOf(row: Result): string[] {
  const { name, title, outcome, atLeast, dream, better, counts, unit } = row;
  const of = (figure: number): string => (counts === 'ratio' ? formatted(figure) : `${formatted(figure)} ${unit}`);
  const sign = better === 'more' ? '≥' : '≤';
  const targets = [atLeast, dream].map((target) => (target === null ? '–' : `${sign} ${of(target)}`));
  if (outcome === null) return [name, title, '–', '–', '–', ...targets, '–', `could not run: ${row.why ?? ''}`];
  const { subject, rival, value, min, max } = outcome;
  const absolute = [subject, ...(rival === null ? [] : [rival])].map((one) => absoluteOf(one, unit)).join('; ');
  return [name, title, of(value), of(min), of(max), ...targets, reached(row, value), absolute];
}

function reached({ better, atLeast, dream }: Result, value: number): string {
  if (atLeast === null || dream === null) return '–';
  const meets = (target: number): boolean => (better === 'more' ? value >= target : value <= target);
  if (meets(dream)) return 'dream';
  return meets(atLeast) ? 'yes' : 'no';
}

function absoluteOf({ name, median, cpu }: Figures, unit: string): string {
  const spent = cpu === null ? '' : ` (CPU s: server ${formatted(cpu.server)}, client ${formatted(cpu.client)})`;
  return `${name} ${formatted(median)} ${unit}${spent}`;
}

function comparedWith(before: Results, { name, outcome }: Result): string[] {
  const then = before.rows.find((row) => row.name === name)?.outcome;
  if (then == null) return ['–', '–'];
  if (outcome === null) return [formatted(then.value), '–'];
  return [formatted(then.value), `× ${formatted(outcome.value / then.value)}`];
}

/** Formats a figure with three significant digits. */
function formatted(figure: number): string {
  return Math.abs(figure) >= 100 ? String(Math.round(figure)) : String(Number(figure.toPrecision(3)));
}

function aligned(lines: readonly (readonly string[])[]): readonly string[] {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const written = lines.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [...written.slice(0, 1), rule, ...written.slice(1)];
}
