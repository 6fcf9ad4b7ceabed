import type { Request, Response } from 'express';

/** The cookie that holds the secret of a session. */
export const SESSION_COOKIE = 'platter_session';

const PAIR = /^\s*([^=\s]+)\s*=\s*"?([A-Za-z0-9_-]+)"?\s*$/;

/**
 * Returns the secret of the session of a browser, or null without one. Of several cookies with the
 * name none counts: one of them may come from a page of another host below the same domain.
 */
export function sessionSecret({ headers }: Request): string | null {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => PAIR.exec(pair));
  const [secret, ...others] = pairs.filter((pair) => pair?.[1] === SESSION_COOKIE).map((pair) => pair?.[2]);
  return others.length === 0 ? (secret ?? null) : null;
}

/**
 * Sets the cookie. Scripts cannot read it, and browsers send it only with requests from pages of
 * this site, over TLS if the session began there.
 */
export function setSessionCookie(request: Request, response: Response, secret: string, expires: Date): void {
  response.cookie(SESSION_COOKIE, secret, { ...attributesOf(request), expires });
}

/** Has the browser delete the cookie. */
export function clearSessionCookie(request: Request, response: Response): void {
  response.clearCookie(SESSION_COOKIE, attributesOf(request));
}

/** `secure` considers `X-Forwarded-Proto` of trusted proxies. */
function attributesOf({ secure }: Request): { httpOnly: true; sameSite: 'strict'; path: '/'; secure: boolean } {
  return { httpOnly: true, sameSite: 'strict', path: '/', secure };
}
