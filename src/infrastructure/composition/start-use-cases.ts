import { EnsureRoot } from '../../application/access/ensure-root.ts';
import { ReapPredecessor } from '../../application/leases/reap-predecessor.ts';
import { DeriveCapacities } from '../../application/pools/derive-capacities.ts';
import { FindUnlimitedGroups } from '../../application/pools/find-unlimited-groups.ts';
import { PreparePools } from '../../application/pools/prepare-pools.ts';
import type { Services } from './tokens.ts';

export interface StartUseCases {
  readonly deriveCapacities: DeriveCapacities;
  readonly ensureRoot: EnsureRoot;
  readonly findUnlimitedGroups: FindUnlimitedGroups;
  readonly preparePools: PreparePools;
  readonly reapPredecessor: ReapPredecessor;
}

/** Creates the use cases that run before the first request. */
export function startUseCases(services: Services): StartUseCases {
  const { config, work, upkeepWork, stores, pools, hasher, random, log } = services;
  const { overcommit } = config;
  return {
    deriveCapacities: new DeriveCapacities({ work: upkeepWork, stores, pools, overcommit, log }),
    ensureRoot: new EnsureRoot(work, hasher, random),
    findUnlimitedGroups: new FindUnlimitedGroups(upkeepWork),
    preparePools: new PreparePools(work, stores, pools),
    reapPredecessor: new ReapPredecessor(upkeepWork),
  };
}
