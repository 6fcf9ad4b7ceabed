import type { Request, RequestHandler } from 'express';
import { PROTOCOL_ERRORS } from './errors.ts';
import { RequestError } from './request-error.ts';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what a page of another origin has a browser send: browsers keep Basic credentials and
 * would show them (docs/cloudsigma.md#browsers).
 */
export const refuseForeignPages: RequestHandler = (request, _response, next) => {
  if (!SAFE.has(request.method) && isForeign(request)) {
    throw new RequestError(PROTOCOL_ERRORS['foreign-origin'], 'pages of another origin may not do this');
  }
  next();
};

/**
 * By what browsers say, which no page can change. `Origin` leaves default ports out and `Host` may
 * not.
 */
function isForeign(request: Request): boolean {
  const { origin, host = '', 'sec-fetch-site': site } = request.headers;
  if (site === 'same-origin') return false;
  if (site === 'cross-site') return true;
  if (origin === undefined) return false;
  const [, scheme = ''] = /^(https?:)\/\//i.exec(origin) ?? [];
  const ours = `${scheme}//${host}`;
  return scheme === '' || !URL.canParse(origin) || !URL.canParse(ours) || new URL(origin).host !== new URL(ours).host;
}
