import type { RequestHandler } from 'express';

/** More headers than any client has a use for. */
const MOST_HEADERS = 100;

/** A request whose headers can't be meant. */
export class UnsoundHead extends Error {
  override readonly name = 'UnsoundHead';
}

/** Fails with `UnsoundHead` on too many headers, and on a host that is missing or named twice (RFC 9112, section 3.2). */
export const soundHead: RequestHandler = (request, _response, next) => {
  // Names and values lie side by side.
  if (request.rawHeaders.length > 2 * MOST_HEADERS)
    throw new UnsoundHead(`a request has at most ${MOST_HEADERS} headers`);
  const hosts = request.headersDistinct.host ?? [];
  if (hosts.length > 1 || (hosts.length === 0 && request.httpVersion === '1.1'))
    throw new UnsoundHead('a request names its host once');
  next();
};
