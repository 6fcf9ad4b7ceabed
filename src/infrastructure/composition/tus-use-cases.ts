import { tusCallers as callersBy, type CallerOf } from '../../adapters/http/tus/callers.ts';
import type { TusUseCases } from '../../adapters/http/tus/routes.ts';
import { Authenticate } from '../../application/access/authenticate.ts';
import { AuthenticateWithPassword } from '../../application/access/authenticate-with-password.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { Services } from './tokens.ts';
import { uploadUseCases } from './upload-use-cases.ts';

/** Creates the use cases behind the tus protocol. */
export function tusUseCases(services: Services): TusUseCases {
  return { ...uploadUseCases(services), maxBytes: largestCapacity(services.pools) };
}

/** Creates the function that authenticates a request by an authkey or a password. */
export function tusCallers({ work, random, verify, verified }: Services): CallerOf {
  return callersBy(new Authenticate(work, random), new AuthenticateWithPassword(verify, verified));
}

/** The largest upload that any pool takes: of one without a capacity, any number of bytes. */
function largestCapacity(pools: Pools): number {
  return Math.max(...pools.map(({ capacity }) => capacity ?? Number.MAX_SAFE_INTEGER));
}
