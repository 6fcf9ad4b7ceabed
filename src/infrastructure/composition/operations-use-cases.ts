import { CheckReadiness } from '../../application/maintenance/check-readiness.ts';
import { ReadServiceStatus } from '../../application/maintenance/read-service-status.ts';
import type { Services } from './tokens.ts';

export interface OperationsUseCases {
  readonly checkReadiness: CheckReadiness;
  readonly readServiceStatus: ReadServiceStatus;
}

/** Creates the use cases behind `/readyz` and `/metrics`. */
export function operationsUseCases({ upkeepWork, stores, pools, libraryStatus }: Services): OperationsUseCases {
  const checkReadiness = new CheckReadiness({ work: upkeepWork, stores, pools, libraryStatus });
  return { checkReadiness, readServiceStatus: new ReadServiceStatus(checkReadiness, upkeepWork, pools) };
}
