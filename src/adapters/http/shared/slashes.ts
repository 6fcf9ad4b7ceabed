import type { RequestHandler } from 'express';

/**
 * Middleware. Reads `//m/pool/list` as `/m/pool/list`: a command-line client joins its base URL and
 * its paths with one slash too many.
 */
export const collapseSlashes: RequestHandler = (request, _response, next) => {
  const queryAt = request.url.indexOf('?');
  const path = queryAt === -1 ? request.url : request.url.slice(0, queryAt);
  if (path.includes('//'))
    request.url = path.replace(/\/{2,}/g, '/') + (queryAt === -1 ? '' : request.url.slice(queryAt));
  next();
};
