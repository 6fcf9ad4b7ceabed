import type { Request } from 'express';
import type { Authenticate } from '../../../application/access/authenticate.ts';
import type { AuthenticateWithPassword } from '../../../application/access/authenticate-with-password.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import { basicCredentials } from '../shared/basic-credentials.ts';
import { bearerToken } from '../shared/bearer-token.ts';
import { authenticated } from '../shared/callers.ts';
import { clientAddress } from '../shared/client-address.ts';
import { isChangeByForeignPage } from '../shared/foreign-page.ts';
import { RequestError } from '../shared/request-error.ts';

/**
 * Returns the caller of a request.
 *
 * @throws DomainError `not-authenticated` or `wrong-credentials`
 */
export type CallerOf = (request: Request) => Promise<Caller>;

/**
 * Callers show an authkey (`Authorization: Bearer`) or a name and a password (`Basic`). Browsers
 * keep Basic credentials and would show them for any page, so that pages of other origins have to
 * use an authkey.
 */
export function tusCallers(authenticate: Authenticate, withPassword: AuthenticateWithPassword): CallerOf {
  return async (request) => {
    const credentials = basicCredentials(request);
    if (credentials === null) return authenticated(request, await authenticate.run(bearerToken(request)), 'tus');
    if (isChangeByForeignPage(request)) {
      throw new RequestError('foreign-origin', 'pages of another origin upload with an authkey, not with a password');
    }
    const caller = await withPassword.run({ ...credentials, address: clientAddress(request) });
    return authenticated(request, caller, 'tus');
  };
}
