import { nativeCallers as callersBy, type CallerOf } from '../../adapters/http/native/callers.ts';
import type { NativeUseCases } from '../../adapters/http/native/use-cases.ts';
import { Authenticate } from '../../application/access/authenticate.ts';
import { AuthenticateWithPassword } from '../../application/access/authenticate-with-password.ts';
import { BeginSession } from '../../application/access/begin-session.ts';
import { EndSession } from '../../application/access/end-session.ts';
import { IdentifyCaller } from '../../application/access/identify-caller.ts';
import { loginSessionTerms } from '../../application/access/login-session-terms.ts';
import { ListUsersByPage } from '../../application/access/list-users-by-page.ts';
import { ViewUser } from '../../application/access/view-user.ts';
import { mediaUseCases } from './media-use-cases.ts';
import type { Services } from './tokens.ts';
import { linkUseCases } from './link-use-cases.ts';
import { trashUseCases } from './trash-use-cases.ts';

/** Creates the use cases behind `/v1`. */
export function nativeUseCases(services: Services): NativeUseCases {
  const { config, work, lists, verify, random } = services;
  return {
    beginSession: new BeginSession({ verify, work, random, terms: loginSessionTerms(config.authkeysPerUser) }),
    endSession: new EndSession(work, random),
    listUsers: new ListUsersByPage(work),
    viewUser: new ViewUser(work, lists),
    ...trashUseCases(services),
    ...mediaUseCases(services),
    ...linkUseCases(services),
  };
}

/** Creates the function that authenticates a request. */
export function nativeCallers(services: Services): CallerOf {
  return callersBy(identifyCaller(services));
}

/** Creates the use case that identifies callers by all the credentials that there are. */
export function identifyCaller({ config, work, random, verify, verified }: Services): IdentifyCaller {
  return new IdentifyCaller({
    work,
    random,
    authenticate: new Authenticate(work, random),
    authenticateWithPassword: new AuthenticateWithPassword(verify, verified),
    terms: loginSessionTerms(config.authkeysPerUser),
  });
}
