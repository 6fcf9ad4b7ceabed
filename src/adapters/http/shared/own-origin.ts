import type { Request } from 'express';
import { RequestError } from './request-error.ts';

/** The methods that change nothing. */
export const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Requires that a change comes from a page of this server, or from no browser: browsers send
 * cookies and stored passwords for pages of other origins too. Decides by headers that browsers set
 * and pages cannot change: `Sec-Fetch-Site`, and where a browser does not send it, `Origin`.
 *
 * @throws RequestError `foreign-origin`
 */
export function requireOwnOrigin(request: Request): void {
  if (SAFE_METHODS.has(request.method) || isOwn(request)) return;
  throw new RequestError(
    'foreign-origin',
    'a page of another origin may not do this with a cookie or a password: send it from a page of this server',
  );
}

function isOwn({ headers }: Request): boolean {
  const { origin, host = '', 'sec-fetch-site': site } = headers;
  if (site !== undefined) return site === 'same-origin';
  return origin === undefined || isOriginOf(host, origin);
}

/**
 * Returns whether `origin` names this host. `Origin` leaves default ports out and `Host` may not.
 */
export function isOriginOf(host: string, origin: string): boolean {
  const [, scheme = ''] = /^(https?:)\/\//i.exec(origin) ?? [];
  const ours = `${scheme}//${host}`;
  return scheme !== '' && URL.canParse(origin) && URL.canParse(ours) && new URL(origin).host === new URL(ours).host;
}
