import { bytes, type Bytes } from '../shared/bytes.ts';

/** A range of bytes that arrives on its own: from `from` up to, but not including, `to`. */
export interface Chunk {
  /** Zero-based. */
  readonly number: number;
  readonly from: Bytes;
  readonly to: Bytes;
}

/**
 * Returns into how many chunks an upload is divided (docs/cloudsigma.md#uploads-in-chunks).
 * Never 0: an empty upload has one empty chunk.
 */
export function chunkCount(length: Bytes, chunkSize: Bytes): number {
  return Math.max(1, Math.floor(length / chunkSize));
}

/**
 * Returns a chunk of an upload; null if it has none of this number. The last chunk has the
 * remainder, too.
 */
export function chunkAt(length: Bytes, chunkSize: Bytes, number: number): Chunk | null {
  const count = chunkCount(length, chunkSize);
  if (!Number.isInteger(number) || number < 0 || number >= count) return null;
  const from = bytes(number * chunkSize);
  return { number, from, to: number === count - 1 ? length : bytes(from + chunkSize) };
}
