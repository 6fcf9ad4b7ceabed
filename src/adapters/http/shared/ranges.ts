import type { Request } from 'express';
import type { ByteRange } from '../../../application/ports/blob-store.ts';

/** A range that nothing of the bytes lies in. */
export class RangeRefused extends Error {
  override readonly name = 'RangeRefused';
  readonly size: number;

  constructor(size: number) {
    super(`none of the ${size} bytes lie in the range`);
    this.size = size;
  }
}

/**
 * The part that a request asks for, or null for the whole: without a range, with several, with one that is malformed or in other units, and with an
 * `If-Range` that does not name `etag` (RFC 9110, 13.1.5 and 14.2). Fails with `RangeRefused`.
 */
export function rangeOf(request: Request, size: number, etag: string | null): ByteRange | null {
  const condition = request.headers['if-range'];
  if (condition !== undefined && (etag === null || condition !== etag)) return null;

  const ranges = request.range(size);
  if (ranges === undefined || ranges === -2) return null;
  if (ranges === -1) throw new RangeRefused(size);
  const [only, more] = ranges;
  if (ranges.type !== 'bytes' || only === undefined || more !== undefined) return null;
  return { from: only.start, to: only.end + 1 };
}
