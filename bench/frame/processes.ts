import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { CannotRun } from './row.ts';

/** What Linux counts CPU time in, everywhere that we run: hundredths of a second. */
const TICKS = 100;
const MIB = 2 ** 20;

interface Tally {
  readonly pid: number;
  readonly parent: number;
  /** Of the process and of its children that have ended. */
  readonly ticks: number;
}

/**
 * CPU seconds that a process and everything that it ever started took so far. Fails with
 * `CannotRun` where there is no /proc.
 */
export function cpuSeconds(pid: number): number {
  const all = tallies();
  const family = new Set([pid]);
  for (let grown = true; grown;) {
    const children = all.filter((one) => family.has(one.parent) && !family.has(one.pid));
    for (const child of children) family.add(child.pid);
    grown = children.length > 0;
  }
  return all.filter((one) => family.has(one.pid)).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS;
}

function tallies(): readonly Tally[] {
  return entries().flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    const text = readOrNull(`/proc/${entry}/stat`);
    if (text === null) return [];
    // The name of the program, in brackets, may hold anything; what follows is numbers: proc(5).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return [{ pid: Number(entry), parent: Number(fields[1]), ticks }];
  });
}

function entries(): readonly string[] {
  try {
    return readdirSync('/proc');
  } catch {
    throw new CannotRun('there is no /proc here, as Linux has it');
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The memory that a process has now, and the most that it had since `forgetPeak`. MiB. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const text = readOrNull(`/proc/${pid}/status`);
  if (text === null) throw new CannotRun('there is no /proc here, as Linux has it');
  const field = (name: string): number =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024) / MIB;
  return { now: field('VmRSS'), peak: field('VmHWM') };
}

/** From here on the peak is counted anew. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    throw new CannotRun('the peak of the memory of a process can not be reset here');
  }
}
