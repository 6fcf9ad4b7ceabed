import type { Request } from 'express';
import type { ByteRange } from '../../../application/ports/blob-store.ts';
import { RequestError } from './request-error.ts';

const BYTES = /^bytes=(.*)$/i;
const ONE_RANGE = /^(\d*)-(\d*)$/;

/**
 * Returns the range that a GET asks for, or null for the whole (RFC 9110, sections 13.1.5 and
 * 14.2): for another method, without a range, with several, with a malformed one or other units,
 * for an empty item, and when `If-Range` does not name `etag`.
 *
 * @throws RequestError `range-refused` when the range has none of the bytes
 */
export function rangeOf({ method, headers }: Request, size: number, etag: string | null): ByteRange | null {
  const { range, 'if-range': condition } = headers;
  if (method !== 'GET' || range === undefined || size === 0) return null;
  if (condition !== undefined && condition !== etag) return null;

  const [, set = ''] = BYTES.exec(range) ?? [];
  const [only = '', ...more] = set.split(',').filter((one) => one.trim() !== '');
  const [, first = '', last = ''] = ONE_RANGE.exec(only.trim()) ?? [];
  if (more.length > 0 || first + last === '') return null;
  if (first === '') return suffix(Number(last), size);
  if (last !== '' && Number(last) < Number(first)) return null;
  if (Number(first) >= size) throw outOfRange(size);
  return { from: Number(first), to: last === '' ? size : Math.min(Number(last) + 1, size) };
}

/** Returns the last `length` bytes, at most all of them. */
function suffix(length: number, size: number): ByteRange {
  if (length === 0) throw outOfRange(size);
  return { from: Math.max(0, size - length), to: size };
}

function outOfRange(size: number): RequestError {
  return new RequestError('range-refused', `the range has none of the ${size} bytes`, {
    headers: { 'Content-Range': `bytes */${size}` },
  });
}
