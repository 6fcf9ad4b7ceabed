import { parseArgs } from 'node:util';
import type { Extent } from './frame/bench.ts';

export interface Options {
  /** Rows whose name contains any of these are run; all where there is none. */
  readonly names: readonly string[];
  readonly extent: Extent;
  /** The file to keep the results in, and the one to compare them with. */
  readonly save: string | null;
  readonly compare: string | null;
  readonly help: boolean;
}

export const USAGE = `usage: npm run bench -- [NAME…] [options]

  NAME            runs the rows whose name contains it; without any, all

  --rounds N      rounds that count, at least 3 (3)
  --size BYTES    of a large file, such as 2GiB or 64MiB (2GiB)
  --media N       the media of a system that has filled up (1000000)
  --save FILE     keeps the results, as JSON
  --compare FILE  shows what those results were, next to these
`;

const UNITS: Readonly<Record<string, number>> = { '': 1, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30 };
const FEWEST_ROUNDS = 3;

/** Fails, with a sentence for people, on whatever it doesn't know. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      size: { type: 'string', default: '2GiB' },
      media: { type: 'string', default: '1000000' },
      save: { type: 'string' },
      compare: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    names: positionals,
    extent: {
      rounds: whole('--rounds', values.rounds, FEWEST_ROUNDS),
      size: byteCount(values.size),
      media: whole('--media', values.media, 1),
    },
    save: values.save ?? null,
    compare: values.compare ?? null,
    help: values.help,
  };
}

function whole(option: string, text: string, min: number): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < min) throw new Error(`${option} must be a whole number from ${min}`);
  return number;
}

function byteCount(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+) ?([a-z]*)$/i.exec(text) ?? [];
  const bytes = Number(digits) * (UNITS[unit.toUpperCase()] ?? Number.NaN);
  if (!Number.isSafeInteger(bytes) || bytes < 1) throw new Error('--size must be a number of bytes, such as 2GiB');
  return bytes;
}
