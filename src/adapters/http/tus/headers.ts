import type { Request } from 'express';
import { RequestError } from '../shared/request-error.ts';
import { wholeNumber } from '../shared/whole-number.ts';

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
  const { data, error } = wholeNumber.safeParse(value);
  if (error !== undefined) throw malformedHeader(header, error.issues[0]?.message ?? 'is not a number');
  return data;
}

/** Returns the problem that a header is missing, or is not as it should be. */
export function malformedHeader(header: string, fault: string): RequestError {
  return new RequestError('malformed', [{ message: `${header} ${fault}`, point: header }]);
}
