import type { BigIntStats } from 'node:fs';

/** Returns the fingerprint of a file, its size and mtime. It changes when the file is written. */
export function fingerprintOf({ size, mtimeNs }: BigIntStats): string {
  return `${size}-${mtimeNs}`;
}
