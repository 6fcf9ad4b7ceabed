import { STUCK_AFTER_MS } from '../support/waiting/patience.ts';

/**
 * Whether everything is tried at length, which takes an hour or more, or a little of it, as with
 * every run of the tests.
 */
const LONG = (process.env.PLATTER_LONG ?? '') !== '';

/**
 * How often to try something: `short` times, `long` times in the long form, or as often as the
 * variable `name` says.
 */
export function times(name: string, short: number, long: number): number {
  const asked = process.env[name] ?? '';
  if (asked === '') return LONG ? long : short;
  const count = Number(asked);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`${name} must be a whole number from 1: ${asked}`);
  return count;
}

/** How long `count` tries may take before they are stuck, on the busiest machine. Milliseconds. */
export function patience(count: number): number {
  return STUCK_AFTER_MS * (2 + count / 10);
}

/** The seed that a failed run has printed, as `PLATTER_SEED`, or a fresh one. */
export function seed(): number {
  const asked = process.env.PLATTER_SEED ?? '';
  return asked === '' ? Math.floor(Math.random() * 0x7fff_ffff) : Number(asked);
}

/**
 * The path to a counterexample that a failed run has printed, as `PLATTER_PATH`; empty to try
 * everything.
 */
export function path(): string {
  return process.env.PLATTER_PATH ?? '';
}
