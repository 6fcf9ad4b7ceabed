import type { Request, RequestHandler, Response } from 'express';
import type { AuthenticateWithPassword } from '../../../application/access/authenticate-with-password.ts';
import type { SentCredentials } from '../../../application/access/verify-credentials.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import { basicCredentials } from '../shared/basic-credentials.ts';
import { knownCaller, authenticated } from '../shared/callers.ts';
import { clientAddress } from '../shared/client-address.ts';

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

/** The name and the password of Basic authentication; null without them. */
export function credentialsOf(request: Request): SentCredentials | null {
  const sent = basicCredentials(request);
  return sent && { ...sent, address: clientAddress(request) };
}
