import type { Request } from 'express';
import { RequestError } from '../shared/request-error.ts';

const WHOLE_NUMBER = /^[0-9]{1,16}$/;

/**
 * Returns the value of a header, or null without it.
 *
 * @throws RequestError `malformed` when the header is there more than once
 */
export function headerOf(request: Request, header: string): string | null {
  const [value = null, ...more] = request.headersDistinct[header.toLowerCase()] ?? [];
  if (more.length > 0) throw malformedHeader(header, 'is there more than once');
  return value;
}

/**
 * Returns the number of bytes that a header says, or null without the header.
 *
 * @throws RequestError `malformed` when the value is no whole number up to 2^53 - 1
 */
export function byteCountOf(request: Request, header: string): number | null {
  const value = headerOf(request, header);
  if (value === null) return null;
  const count = Number(value);
  if (!WHOLE_NUMBER.test(value) || !Number.isSafeInteger(count)) {
    throw malformedHeader(header, `must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return count;
}

/** Returns the problem that a header is missing, or is not as it should be. */
export function malformedHeader(header: string, fault: string): RequestError {
  return new RequestError('malformed', [{ message: `${header} ${fault}`, point: header }]);
}
