import type { BlobBytes, ByteRange, ByteSource } from '../ports/blob-store.ts';

const ZEROS = new Uint8Array(256 * 1024);

/**
 * Returns the bytes of `range`: the first `stored` bytes of the item come from `open`, the rest are
 * zeros. Does not call `open` if no stored byte is in the range.
 */
export async function withZeros(
  range: ByteRange,
  stored: number,
  open: (part: ByteRange) => Promise<BlobBytes>,
): Promise<BlobBytes> {
  const border = Math.min(Math.max(stored, range.from), range.to);
  const part = border > range.from ? await open({ from: range.from, to: border }) : null;
  return part !== null && border === range.to ? part : joined(part, range.to - border);
}

async function* joined(part: ByteSource | null, zeros: number): ByteSource {
  if (part !== null) yield* part;
  for (let left = zeros; left > 0; left -= ZEROS.length) yield left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS;
}
