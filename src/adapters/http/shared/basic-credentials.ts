import type { Request } from 'express';

const BASIC = /^Basic +([a-z0-9+/_-]+=*) *$/i;

/** The name and password of a request. */
export interface BasicCredentials {
  readonly name: string;
  readonly password: string;
}

/**
 * Returns the name and password of Basic authentication (RFC 7617), or null without them. The first
 * colon ends the name.
 */
export function basicCredentials(request: Request): BasicCredentials | null {
  const encoded = BASIC.exec(request.headers.authorization ?? '')?.[1];
  if (encoded === undefined) return null;
  const pair = textOf(Buffer.from(encoded, 'base64'));
  const colonAt = pair.indexOf(':');
  return colonAt === -1 ? null : { name: pair.slice(0, colonAt), password: pair.slice(colonAt + 1) };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes UTF-8, and otherwise Latin-1, which some clients send (python-requests). */
function textOf(octets: Buffer): string {
  try {
    return UTF8.decode(octets);
  } catch {
    return octets.toString('latin1');
  }
}
