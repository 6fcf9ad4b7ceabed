import type { RequestHandler } from 'express';

const SCHEME_AND_HOST = /^https?:\/\/[^/?#]*/i;

/**
 * Middleware. Reads `POST http://host/m/pool/list` as `POST /m/pool/list`, as every server must
 * (RFC 9112, section 3.2.2).
 */
export const originForm: RequestHandler = (request, _response, next) => {
  if (SCHEME_AND_HOST.test(request.url)) {
    const rest = request.url.replace(SCHEME_AND_HOST, '');
    request.url = rest.startsWith('/') ? rest : `/${rest}`;
  }
  next();
};
