import type { Request } from 'express';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Returns whether a page of another origin has a browser change something. Browsers send stored
 * Basic credentials with such requests (docs/cloudsigma.md#browsers). Decides by headers that
 * browsers set and pages cannot change.
 */
export function isChangeByForeignPage(request: Request): boolean {
  return !SAFE_METHODS.has(request.method) && isForeign(request);
}

/** `Origin` leaves default ports out and `Host` may not. */
function isForeign(request: Request): boolean {
  const { origin, host = '', 'sec-fetch-site': site } = request.headers;
  if (site === 'same-origin') return false;
  if (site === 'cross-site') return true;
  if (origin === undefined) return false;
  const [, scheme = ''] = /^(https?:)\/\//i.exec(origin) ?? [];
  const ours = `${scheme}//${host}`;
  return scheme === '' || !URL.canParse(origin) || !URL.canParse(ours) || new URL(origin).host !== new URL(ours).host;
}
