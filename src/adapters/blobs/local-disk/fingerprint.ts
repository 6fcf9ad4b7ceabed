import type { BigIntStats } from 'node:fs';

/**
 * Another one once somebody wrote to the file: its size and the time of the last change of its
 * bytes.
 */
export function fingerprintOf({ size, mtimeNs }: BigIntStats): string {
  return `${size}-${mtimeNs}`;
}
