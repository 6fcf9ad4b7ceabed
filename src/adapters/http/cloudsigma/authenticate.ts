import type { Request, RequestHandler, Response } from 'express';
import type { AuthenticateWithPassword } from '../../../application/access/authenticate-with-password.ts';
import type { SentCredentials } from '../../../application/access/verify-credentials.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import { basicCredentials } from '../shared/basic-credentials.ts';
import { knownCaller, authenticated } from '../shared/callers.ts';
import { clientAddress } from '../shared/client-address.ts';

/** Middleware. Authenticates the caller; the handlers behind it run only for a known caller. */
export function authenticate(authenticateWithPassword: AuthenticateWithPassword): RequestHandler {
  return async (request, _response, next): Promise<void> => {
    authenticated(request, await authenticateWithPassword.run(credentialsOf(request)), 'cloudsigma');
    next();
  };
}

/** Returns the caller. Only behind `authenticate`. */
export function callerOf(response: Response): Caller {
  const caller = knownCaller(response.req);
  if (caller === null) throw new Error('the route is not behind authenticate');
  return caller;
}

/**
 * Returns the name and password of Basic authentication, with the address of the client; null
 * without them.
 */
export function credentialsOf(request: Request): SentCredentials | null {
  const sent = basicCredentials(request);
  return sent && { ...sent, address: clientAddress(request) };
}
