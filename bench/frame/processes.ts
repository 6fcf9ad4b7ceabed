import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { CannotRun } from './row.ts';

/** The unit of CPU time in /proc on Linux (USER_HZ). */
const TICKS_PER_SECOND = 100;
const MIB = 2 ** 20;

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** CPU time of the process and of its ended children. */
  readonly ticks: number;
}

/**
 * Returns the CPU seconds of a process and all its descendants so far.
 *
 * @throws CannotRun without /proc
 */
export function cpuSeconds(pid: number): number {
  const all = processTimes();
  const family = new Set([pid]);
  for (let grown = true; grown;) {
    const children = all.filter((one) => family.has(one.parent) && !family.has(one.pid));
    for (const child of children) family.add(child.pid);
    grown = children.length > 0;
  }
  return all.filter((one) => family.has(one.pid)).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND;
}

function processTimes(): readonly ProcessTimes[] {
  return entries().flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    const text = readOrNull(`/proc/${entry}/stat`);
    if (text === null) return [];
    // The program's name, in brackets, may contain any character; numbers follow it: proc(5).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return [{ pid: Number(entry), parent: Number(fields[1]), ticks }];
  });
}

function entries(): readonly string[] {
  try {
    return readdirSync('/proc');
  } catch {
    throw new CannotRun('this machine has no /proc, as Linux has');
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Returns the current memory of a process and its peak since `forgetPeak`, in MiB. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const text = readOrNull(`/proc/${pid}/status`);
  if (text === null) throw new CannotRun('this machine has no /proc, as Linux has');
  const field = (name: string): number =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024) / MIB;
  return { now: field('VmRSS'), peak: field('VmHWM') };
}

/** Resets the peak of the memory of a process. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    throw new CannotRun('the peak of the memory of a process cannot be reset here');
  }
}
