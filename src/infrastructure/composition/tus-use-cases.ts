import { tusCallers as callersBy, type CallerOf } from '../../adapters/http/tus/callers.ts';
import type { TusUseCases } from '../../adapters/http/tus/routes.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { identifyCaller } from './native-use-cases.ts';
import type { Services } from './tokens.ts';
import { uploadUseCases } from './upload-use-cases.ts';

/** Creates the use cases behind the tus protocol. */
export function tusUseCases(services: Services): TusUseCases {
  return { ...uploadUseCases(services), maxBytes: largestCapacity(services.pools) };
}

/** Creates the function that authenticates a request by any credentials. */
export function tusCallers(services: Services): CallerOf {
  return callersBy(identifyCaller(services));
}

/** The largest upload that any pool takes: of one without a capacity, any number of bytes. */
function largestCapacity(pools: Pools): number {
  return Math.max(...pools.map(({ capacity }) => capacity ?? Number.MAX_SAFE_INTEGER));
}
