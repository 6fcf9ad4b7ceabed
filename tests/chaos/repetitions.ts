import { STUCK_AFTER_MS } from '../support/waiting/stuck-after.ts';

/**
 * Whether to run the long form, which takes an hour or more, instead of the short one of every test
 * run.
 */
const LONG = (process.env.PLATTER_LONG ?? '') !== '';

/**
 * Returns how often to repeat a test: `short` times, `long` times in the long form, or the value of
 * the environment variable `name`.
 */
export function times(name: string, short: number, long: number): number {
  const setting = process.env[name] ?? '';
  if (setting === '') return LONG ? long : short;
  const count = Number(setting);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`${name} must be a whole number from 1: ${setting}`);
  return count;
}

/** Returns the timeout of `count` repetitions on a busy machine, in milliseconds. */
export function timeoutMs(count: number): number {
  return STUCK_AFTER_MS * (2 + count / 10);
}

/** Returns `PLATTER_SEED`, the seed that a failed run printed, or a fresh one. */
export function seed(): number {
  const setting = process.env.PLATTER_SEED ?? '';
  return setting === '' ? Math.floor(Math.random() * 0x7fff_ffff) : Number(setting);
}

/**
 * Returns `PLATTER_PATH`, the path of a counterexample that a failed run printed, or an empty text
 * to try everything.
 */
export function path(): string {
  return process.env.PLATTER_PATH ?? '';
}
