import type { Request } from 'express';
import type { IdentifyCaller } from '../../../application/access/identify-caller.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import { authenticated } from '../shared/callers.ts';
import { requireOwnOrigin } from '../shared/own-origin.ts';
import { presentedCredentials } from '../shared/presented-credentials.ts';

/** The channel of the audit events of this dialect. */
export const CHANNEL = 'native';

/**
 * Returns the caller of a request.
 *
 * @throws DomainError `not-authenticated`, `wrong-credentials` or `too-many-logins`
 * @throws RequestError `foreign-origin` when a page of another origin changes something with a
 *   cookie or a password
 */
export type CallerOf = (request: Request) => Promise<Caller>;

/**
 * Callers show a bearer (an API token or an authkey), a name and a password, or the cookie of a
 * session, in this order (docs/api.md#callers). Browsers send the last two unasked.
 */
export function nativeCallers(identifyCaller: Pick<IdentifyCaller, 'run'>): CallerOf {
  return async (request) => {
    const credentials = presentedCredentials(request);
    if (credentials !== null && credentials.kind !== 'bearer') requireOwnOrigin(request);
    return authenticated(request, await identifyCaller.run(credentials), CHANNEL);
  };
}
