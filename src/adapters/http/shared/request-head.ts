import type { Request, RequestHandler } from 'express';
import { RequestError } from './request-error.ts';

/** More headers than any client has a use for. */
const MAX_HEADERS = 100;

/**
 * Refuses heads that can be understood in two ways, or that hold more than is looked at, before
 * anything else is done with a request. Fails with `ProtocolError`.
 */
export const checkHead: RequestHandler = (request, _response, next) => {
  // Names and values lie side by side.
  if (request.rawHeaders.length > 2 * MAX_HEADERS) throw malformed(`a request has at most ${MAX_HEADERS} headers`);
  requireOneHost(request);
  // Node takes the first of several, a proxy maybe the last.
  if ((request.headersDistinct.authorization ?? []).length > 1)
    throw malformed('authorization is there more than once');
  requireKnownCodings(request);
  next();
};

/** RFC 9112, section 3.2. */
function requireOneHost({ headersDistinct: { host = [] }, httpVersion }: Request): void {
  if (host.length > 1 || (host.length === 0 && httpVersion === '1.1')) throw malformed('a request names its host once');
}

/**
 * RFC 9112, sections 6.1 and 7. Node refuses codings of which `chunked` is not the last only after
 * the head.
 */
function requireKnownCodings({ headers, httpVersion }: Request): void {
  const encoding = headers['transfer-encoding'];
  if (encoding === undefined) return;
  if (httpVersion === '1.0') throw malformed('HTTP/1.0 has no transfer-encoding');
  const codings = encoding.split(',').map((coding) => coding.trim().toLowerCase());
  const [last, ...others] = codings.reverse();
  if (last !== 'chunked') throw malformed('transfer-encoding must end in chunked');
  if (others.includes('chunked')) throw malformed('a body is chunked once');
  if (others.length > 0) throw new RequestError('not-implemented', 'chunked is the only transfer coding that is known');
}

function malformed(message: string): RequestError {
  return new RequestError('malformed', message);
}
