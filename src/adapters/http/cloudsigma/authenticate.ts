import type { Request, RequestHandler, Response } from 'express';
import type { AuthenticateWithPassword } from '../../../application/access/authenticate-with-password.ts';
import type { SentCredentials } from '../../../application/access/verify-credentials.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import { knownCaller, authenticated } from '../shared/callers.ts';
import { clientAddress } from '../shared/client-address.ts';

const BASIC = /^Basic +([a-z0-9+/_-]+=*) *$/i;

/** Finds out who is calling; nothing behind it runs for somebody unknown. */
export function authenticate(recognise: AuthenticateWithPassword): RequestHandler {
  return async (request, _response, next): Promise<void> => {
    authenticated(request, await recognise.run(credentialsOf(request)), 'cloudsigma');
    next();
  };
}

/** Who is calling. To be asked behind `authenticate`. */
export function callerOf(response: Response): Caller {
  const caller = knownCaller(response.req);
  if (caller === null) throw new Error('nobody asked who is calling');
  return caller;
}

/**
 * The name and the password of Basic authentication (RFC 7617): the first colon ends the name. Null
 * without them.
 */
export function credentialsOf(request: Request): SentCredentials | null {
  const encoded = BASIC.exec(request.headers.authorization ?? '')?.[1];
  if (encoded === undefined) return null;
  const pair = textOf(Buffer.from(encoded, 'base64'));
  const colonAt = pair.indexOf(':');
  if (colonAt === -1) return null;
  return { name: pair.slice(0, colonAt), password: pair.slice(colonAt + 1), address: clientAddress(request) };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Some clients send Latin-1 (python-requests), which is hardly ever well-formed UTF-8 by chance.
 */
function textOf(octets: Buffer): string {
  try {
    return UTF8.decode(octets);
  } catch {
    return octets.toString('latin1');
  }
}
