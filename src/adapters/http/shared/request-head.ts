import type { Request, RequestHandler } from 'express';
import { RequestError } from './request-error.ts';

/** More than any known client sends. */
const MAX_HEADERS = 100;

/**
 * Middleware. Refuses heads that have two readings or too many headers, before anything else reads
 * the request.
 *
 * @throws RequestError `malformed` or `not-implemented`
 */
export const checkHead: RequestHandler = (request, _response, next) => {
  // Names and values alternate.
  if (request.rawHeaders.length > 2 * MAX_HEADERS) throw malformed(`a request has at most ${MAX_HEADERS} headers`);
  requireOneHost(request);
  // Node uses the first of several, a proxy possibly the last.
  if ((request.headersDistinct.authorization ?? []).length > 1)
    throw malformed('authorization is sent more than once: send it once');
  requireKnownCodings(request);
  next();
};

/** RFC 9112, section 3.2. */
function requireOneHost({ headersDistinct: { host = [] }, httpVersion }: Request): void {
  if (host.length > 1 || (host.length === 0 && httpVersion === '1.1'))
    throw malformed('a request has exactly one host header');
}

/**
 * RFC 9112, sections 6.1 and 7. Node checks only after the head that `chunked` is the last coding.
 */
function requireKnownCodings({ headers, httpVersion }: Request): void {
  const encoding = headers['transfer-encoding'];
  if (encoding === undefined) return;
  if (httpVersion === '1.0') throw malformed('HTTP/1.0 has no transfer-encoding');
  const codings = encoding.split(',').map((coding) => coding.trim().toLowerCase());
  const [last, ...others] = codings.reverse();
  if (last !== 'chunked') throw malformed('transfer-encoding must end in chunked');
  if (others.includes('chunked')) throw malformed('transfer-encoding has chunked more than once');
  if (others.length > 0)
    throw new RequestError('not-implemented', 'chunked is the only transfer coding that is supported');
}

function malformed(message: string): RequestError {
  return new RequestError('malformed', message);
}
