import type { Request } from 'express';
import { isOriginOf, SAFE_METHODS } from './own-origin.ts';

/**
 * Returns whether a page of another origin has a browser change something. Browsers send stored
 * Basic credentials with such requests (docs/cloudsigma.md#browsers). Decides by headers that
 * browsers set and pages cannot change.
 */
export function isChangeByForeignPage(request: Request): boolean {
  return !SAFE_METHODS.has(request.method) && isForeign(request);
}

function isForeign(request: Request): boolean {
  const { origin, host = '', 'sec-fetch-site': site } = request.headers;
  if (site === 'same-origin') return false;
  if (site === 'cross-site') return true;
  return origin !== undefined && !isOriginOf(host, origin);
}
