import type { Request } from 'express';
import { RequestError } from './request-error.ts';

const FORM = /^\s*multipart\/form-data\s*(?:;|$)/i;

/**
 * Refuses a body whose bytes are not the bytes to store: a part of them, a coded form of them, or a
 * form that holds them. `curl` is the command that sends the bytes themselves.
 *
 * @throws RequestError
 */
export function requireStorableBody(request: Request, curl: string): void {
  requireWholeBody(request);
  const { 'content-encoding': encoding = '', 'content-type': type = '' } = request.headers;
  const codings = encoding.split(',').map((coding) => coding.trim().toLowerCase());
  if (!codings.every((coding) => coding === '' || coding === 'identity')) {
    throw new RequestError(
      'unsupported-content',
      'bytes are stored as they are, and not decoded: send them without content-encoding',
      { headers: { 'Accept-Encoding': 'identity' } },
    );
  }
  if (FORM.test(type)) {
    throw new RequestError(
      'unsupported-content',
      `a form can not be stored: send the bytes themselves, as ${curl} does`,
    );
  }
}

/**
 * Refuses a part of a body (RFC 9110, section 14.5): it would be stored as if it were the whole.
 *
 * @throws RequestError
 */
export function requireWholeBody({ headers }: Request): void {
  if (headers['content-range'] === undefined) return;
  throw new RequestError('malformed', 'a part of a body is not stored: send all of it, without content-range');
}
