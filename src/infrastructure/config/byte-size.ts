import { z } from 'zod';
import { isBytes, type Bytes } from '../../domain/shared/bytes.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
  PIB: 2 ** 50,
};

const NUMBER_WITH_UNIT = /^\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)\s*$/i;

/** Parses a size in bytes, with or without a unit: `500`, `"1.5 TiB"`, `20GB`. Rounds to bytes. */
export const byteSize = z.union([z.number(), z.string()]).transform((value, context): Bytes => {
  const count = typeof value === 'number' ? value : parse(value);
  if (isBytes(count)) return count;
  context.addIssue({ code: 'custom', message: 'must be a number of bytes, such as 500, 20GB or "1.5 TiB"' });
  return z.NEVER;
});

function parse(text: string): number {
  const [, number = '', unit = ''] = NUMBER_WITH_UNIT.exec(text) ?? [];
  const factor = UNITS[unit.toUpperCase()];
  return number === '' || factor === undefined ? NaN : Math.round(Number(number) * factor);
}
