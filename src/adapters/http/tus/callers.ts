import type { Request } from 'express';
import type { IdentifyCaller } from '../../../application/access/identify-caller.ts';
import { requireScope } from '../../../application/access/require-scope.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import { authenticated } from '../shared/callers.ts';
import { presentedCredentials } from '../shared/presented-credentials.ts';
import { requireOwnOrigin, SAFE_METHODS } from '../shared/own-origin.ts';

/**
 * Returns the caller of a request.
 *
 * @throws DomainError `not-authenticated`, `wrong-credentials`, `too-many-logins` or
 *   `scope-missing`
 */
export type CallerOf = (request: Request) => Promise<Caller>;

/**
 * Callers show an API token or an authkey (`Authorization: Bearer`), a name and a password
 * (`Basic`), or the cookie of a session. Browsers keep the last two and would show them for any
 * page, so that pages of other origins have to use a bearer.
 */
export function tusCallers(identifyCaller: Pick<IdentifyCaller, 'run'>): CallerOf {
  return async (request) => {
    const credentials = presentedCredentials(request);
    if (credentials !== null && credentials.kind !== 'bearer') requireOwnOrigin(request);
    const caller = authenticated(request, await identifyCaller.run(credentials), 'tus');
    requireScope(caller, SAFE_METHODS.has(request.method) ? 'read' : 'write');
    return caller;
  };
}
