import type { Request } from 'express';
import { RequestError } from './request-error.ts';

const FORM = /^\s*multipart\/form-data\s*(?:;|$)/i;

/**
 * Refuses a body that is not the bytes to store: a part of them, an encoding of them, or a form
 * around them. `curl` is a command that sends the bytes, for the message.
 *
 * @throws RequestError `malformed` or `unsupported-content`
 */
export function requireStorableBody(request: Request, curl: string): void {
  requireWholeBody(request);
  const { 'content-encoding': encoding = '', 'content-type': type = '' } = request.headers;
  const codings = encoding.split(',').map((coding) => coding.trim().toLowerCase());
  if (!codings.every((coding) => coding === '' || coding === 'identity')) {
    throw new RequestError(
      'unsupported-content',
      'an encoded body cannot be stored: send the bytes without content-encoding',
      { headers: { 'Accept-Encoding': 'identity' } },
    );
  }
  if (FORM.test(type)) {
    throw new RequestError(
      'unsupported-content',
      `a form cannot be stored: send the bytes themselves, as ${curl} does`,
    );
  }
}

/**
 * Refuses a partial body (RFC 9110, section 14.5): it would be stored as if it were the whole.
 *
 * @throws RequestError `malformed`
 */
export function requireWholeBody({ headers }: Request): void {
  if (headers['content-range'] === undefined) return;
  throw new RequestError('malformed', 'a part of a body cannot be stored: send all of it, without content-range');
}
