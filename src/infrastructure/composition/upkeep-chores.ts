import { DeleteExpiredAuthkeys } from '../../application/access/delete-expired-authkeys.ts';
import { DeleteEndedSessions } from '../../application/access/delete-ended-sessions.ts';
import { loginSessionTerms } from '../../application/access/login-session-terms.ts';
import { DeleteOldAuditEntries } from '../../application/audit/delete-old-audit-entries.ts';
import { DeleteExpiredKeys } from '../../application/idempotency/delete-expired-keys.ts';
import { importRuns } from './import-use-cases.ts';
import { DeleteOldJobs } from '../../application/jobs/delete-old-jobs.ts';
import { NodeDigests } from '../../adapters/digests/node-digests.ts';
import { PerformClone } from '../../application/jobs/perform-clone.ts';
import { PerformJob } from '../../application/jobs/perform-job.ts';
import { PerformMove } from '../../application/jobs/perform-move.ts';
import { RunJobs } from '../../application/jobs/run-jobs.ts';
import { DeleteExpiredLinks } from '../../application/links/delete-expired-links.ts';
import { SeeReplica } from '../../application/maintenance/see-replica.ts';
import { Sweep } from '../../application/maintenance/sweep.ts';
import { DeriveCapacities } from '../../application/pools/derive-capacities.ts';
import { ExpireTrash } from '../../application/trash/expire-trash.ts';
import { TendUploads } from '../../application/uploads/tend-uploads.ts';
import type { Chores } from '../server/upkeep.ts';
import { libraryUseCases } from './library-use-cases.ts';
import type { Services } from './tokens.ts';

/** How long a failed job rests at first. */
const JOB_REST_SECONDS = 2;

/** Creates the use cases that the upkeep runs, on the connections reserved for it. */
export function upkeepChores(services: Services): Chores {
  const { config, stores, pools, leases, grace, purge, resize, metrics, log } = services;
  const { linkUses, uploadLeases, uploadSessions, chunkLeases } = services;
  const { uploadCompletion, finishUpload, endUpload } = services;
  const { rateLimiter, clock, workers, removals, deniedAttempts, upkeepWork: work } = services;
  const performMove = new PerformMove({ work, stores, pools, digests: new NodeDigests(), rateLimiter, clock, purge });
  const perform = new PerformJob(new PerformClone({ work, stores, rateLimiter, clock }), performMove);
  const terms = { maxRunning: config.maxCopies, restSeconds: JOB_REST_SECONDS };
  return {
    leases,
    uploadLeases: {
      renew: async () => {
        await Promise.all([uploadLeases.renew(), chunkLeases.renew()]);
      },
    },
    tendUploads: new TendUploads({
      work,
      uploadLeases,
      uploadSessions,
      uploadCompletion,
      finishUpload,
      endUpload,
      metrics,
      log,
    }),
    sweep: new Sweep({ work, stores, pools, purge, resize, grace, metrics, log }),
    jobs: new RunJobs({ work, stores, leases, grace, perform, purge, workers, metrics, log, terms }),
    imports: importRuns(services),
    deleteExpiredAuthkeys: new DeleteExpiredAuthkeys(work),
    deleteEndedSessions: new DeleteEndedSessions(work, loginSessionTerms(config.authkeysPerUser)),
    deleteExpiredKeys: new DeleteExpiredKeys(work),
    deleteOldJobs: new DeleteOldJobs(work),
    expireTrash: new ExpireTrash({ work, pools, removals, trashDays: config.trashDays }),
    linkUses,
    deleteExpiredLinks: new DeleteExpiredLinks(work),
    releaseWithdrawn: libraryUseCases(services).releaseWithdrawn,
    deleteOldAuditEntries: new DeleteOldAuditEntries(work, config.auditDays),
    recordDeniedAttempt: deniedAttempts,
    seeReplica: new SeeReplica(work, services.instance, services.version),
    deriveCapacities: new DeriveCapacities({ work, stores, pools, overcommit: config.overcommit, log }),
  };
}
