import { NodeDigests } from '../../adapters/digests/node-digests.ts';
import { SteadyRateLimiter } from '../../adapters/timer/steady-rate-limiter.ts';
import { ChangePassword } from '../../application/access/change-password.ts';
import { ReadAuditEntries } from '../../application/audit/read-audit-entries.ts';
import { ExamineDepot } from '../../application/doctor/examine-depot.ts';
import { RepairDepot } from '../../application/doctor/repair-depot.ts';
import type { HeldLeases } from '../../application/leases/held-leases.ts';
import type { AddToLibrary } from '../../application/library/add-to-library.ts';
import { ListLibrary } from '../../application/library/list-library.ts';
import type { SyncLibrary } from '../../application/library/sync-library.ts';
import { RecordExamination } from '../../application/maintenance/record-examination.ts';
import { ReconcileRestored } from '../../application/maintenance/reconcile-restored.ts';
import { MoveBlob } from '../../application/moving/move-blob.ts';
import { MovePool } from '../../application/moving/move-pool.ts';
import { FindUnlimitedGroups } from '../../application/pools/find-unlimited-groups.ts';
import { PreparePools } from '../../application/pools/prepare-pools.ts';
import { CheckBytes } from '../../application/scrub/check-bytes.ts';
import { ScrubDepot } from '../../application/scrub/scrub-depot.ts';
import { libraryUseCases } from './library-use-cases.ts';
import type { Services } from './tokens.ts';

export interface CommandUseCases {
  readonly addToLibrary: AddToLibrary;
  readonly changePassword: ChangePassword;
  readonly examineDepot: ExamineDepot;
  readonly findUnlimitedGroups: FindUnlimitedGroups;
  readonly listLibrary: ListLibrary;
  readonly repairDepot: RepairDepot;
  readonly movePool: MovePool;
  readonly preparePools: PreparePools;
  readonly readAuditEntries: ReadAuditEntries;
  readonly recordExamination: RecordExamination;
  readonly reconcileRestored: ReconcileRestored;
  readonly scrubDepot: ScrubDepot;
  readonly syncLibrary: SyncLibrary;
  /** A command that ingests bytes renews them, since no upkeep runs. */
  readonly leases: HeldLeases;
}

/** Creates the use cases of the operator's commands. */
export function commandUseCases(services: Services): CommandUseCases {
  const { config, instance, work, upkeepWork, stores, pools, locks, leases, purge, hasher, rateLimiter } = services;
  const { leaseSeconds, scrubRate } = config;
  const { addToLibrary, syncLibrary } = libraryUseCases(services);
  const digests = new NodeDigests();
  const check = new CheckBytes(digests, new SteadyRateLimiter(scrubRate));
  const moveBlob = new MoveBlob({ work, stores, digests, rateLimiter });
  return {
    addToLibrary,
    changePassword: new ChangePassword(work, hasher),
    examineDepot: new ExamineDepot({ work, stores, pools, leaseSeconds }),
    findUnlimitedGroups: new FindUnlimitedGroups(upkeepWork),
    listLibrary: new ListLibrary(work),
    repairDepot: new RepairDepot(work, stores, purge),
    movePool: new MovePool({ work, stores, pools, locks, moveBlob, leaseSeconds }),
    preparePools: new PreparePools(work, stores, pools),
    readAuditEntries: new ReadAuditEntries(work),
    recordExamination: new RecordExamination(upkeepWork),
    reconcileRestored: new ReconcileRestored(upkeepWork, stores, instance, config.uploadLimits.expirySeconds),
    scrubDepot: new ScrubDepot({ work, stores, pools, locks, check }),
    syncLibrary,
    leases,
  };
}
