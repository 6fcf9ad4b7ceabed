import type { Request } from 'express';

const BEARER = /^Bearer +(\S+) *$/i;

/** Returns the token of Bearer authentication (RFC 6750), or null without one. */
export function bearerToken({ headers }: Request): string | null {
  return BEARER.exec(headers.authorization ?? '')?.[1] ?? null;
}
