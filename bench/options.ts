import { parseArgs } from 'node:util';
import { byteSize } from '../src/infrastructure/config/byte-size.ts';
import type { Extent } from './frame/bench.ts';

export interface Options {
  /** Runs the rows whose names contain one of these; all rows if empty. */
  readonly names: readonly string[];
  readonly extent: Extent;
  /** The files to write the results to, and to compare them with. */
  readonly save: string | null;
  readonly compare: string | null;
  readonly help: boolean;
}

export const USAGE = `usage: npm run bench -- [NAME…] [options]

  NAME            runs the rows whose names contain it; without one, all rows

  --rounds N      measured rounds, at least 3 (3)
  --size BYTES    size of a large file, such as 2GiB or 64MiB (2GiB)
  --media N       number of media items in a full system (1000000)
  --save FILE     writes the results as JSON
  --compare FILE  shows earlier results next to the new ones
`;

const MIN_ROUNDS = 3;

/**
 * Parses the arguments.
 *
 * @throws Error with a sentence for the user on an unknown or invalid option
 */
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
      rounds: whole('--rounds', values.rounds, MIN_ROUNDS),
      size: bytesIn(values.size),
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

function bytesIn(text: string): number {
  const { success, data } = byteSize.safeParse(text);
  if (!success || data < 1) throw new Error('--size must be a number of bytes, such as 2GiB');
  return data;
}
