import { CommandFailure } from '../command-failure.ts';

const POWERS = ['', 'K', 'M', 'G', 'T', 'P'] as const;
const SIZE = /^(\d{1,15}(?:\.\d{1,9})?)\s*(?:([KMGTP])(iB|B)?|B)?$/i;

/**
 * Returns the bytes of a size such as `700000000`, `10G` or `1.5TiB`. `G` and `GiB` are 2^30 bytes,
 * as qemu-img and docker have it; `GB` is 10^9, as dd and disks have it.
 *
 * @throws usage when the text is no whole number of bytes
 */
export function parseSize(text: string): number {
  const [, number, letter = '', ending = ''] = SIZE.exec(text.trim()) ?? [];
  const power = POWERS.findIndex((known) => known === letter.toUpperCase());
  const bytes = Number(number) * (ending.toUpperCase() === 'B' ? 1000 : 1024) ** power;
  const whole = Math.round(bytes);
  if (!Number.isSafeInteger(whole)) {
    throw new CommandFailure('usage', `"${text}" is not a size`, 'Write bytes, or a size such as 10G or 1.5TiB.');
  }
  return whole;
}

/** Returns a size for people, in three digits: `1.46 GiB`. */
export function formatSize(bytes: number): string {
  const power = Math.min(Math.max(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), 0), POWERS.length - 1);
  if (power === 0) return `${bytes} B`;
  const number = bytes / 1024 ** power;
  const digits = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  return `${number.toFixed(digits)} ${POWERS[power] ?? ''}iB`;
}
