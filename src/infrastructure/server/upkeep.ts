import { Repeat } from '../../adapters/timer/repeat.ts';
import type { DeleteEndedSessions } from '../../application/access/delete-ended-sessions.ts';
import type { DeleteExpiredAuthkeys } from '../../application/access/delete-expired-authkeys.ts';
import type { DeleteOldAuditEntries } from '../../application/audit/delete-old-audit-entries.ts';
import type { RecordDeniedAttempt } from '../../application/audit/record-denied-attempt.ts';
import type { DeleteExpiredKeys } from '../../application/idempotency/delete-expired-keys.ts';
import type { RunImports } from '../../application/imports/run-imports.ts';
import type { DeleteOldJobs } from '../../application/jobs/delete-old-jobs.ts';
import type { RunJobs } from '../../application/jobs/run-jobs.ts';
import type { ReleaseWithdrawn } from '../../application/library/release-withdrawn.ts';
import type { HeldLeases } from '../../application/leases/held-leases.ts';
import type { DeleteExpiredLinks } from '../../application/links/delete-expired-links.ts';
import type { LinkUses } from '../../application/links/link-uses.ts';
import type { SeeReplica } from '../../application/maintenance/see-replica.ts';
import type { Sweep } from '../../application/maintenance/sweep.ts';
import type { DeriveCapacities } from '../../application/pools/derive-capacities.ts';
import type { ExpireTrash } from '../../application/trash/expire-trash.ts';
import type { TendUploads } from '../../application/uploads/tend-uploads.ts';
import type { UploadLeases } from '../../application/uploads/upload-leases.ts';
import type { Log } from '../../application/ports/log.ts';
import type { Removals } from '../../application/ports/removals.ts';
import type { Chore, Metrics } from '../../application/ports/metrics.ts';
import type { Workers } from '../../application/ports/workers.ts';

/** Renewals in the lifetime of a lease. */
const RENEWALS_PER_LEASE = 3;
const FORGET_EVERY_MS = 60_000;
const RELEASE_EVERY_MS = 10_000;
const EXPIRE_EVERY_MS = 5_000;
/** Revoked links have to end within 10 s. */
const CHECK_LINKS_EVERY_MS = 2_000;
const DERIVE_EVERY_MS = 3_600_000;
/** A replica that was not seen for a minute counts as ended. */
const SEE_EVERY_MS = 20_000;
const RENEW_UPLOADS_EVERY_MS = 1_500;
const TEND_UPLOADS_EVERY_MS = 1_000;
const SWEEP_EVERY_MS = 1_000;
const LOOK_FOR_JOBS_EVERY_MS = 2_000;
const LOOK_FOR_IMPORTS_EVERY_MS = 1_000;

/** The names of the chores in the log. */
const CHORES: Readonly<Record<Chore, string>> = {
  leases: 'renewing leases',
  'upload-leases': 'renewing leases on uploads',
  sweep: 'sweeping',
  uploads: 'looking after uploads',
  jobs: 'looking for jobs',
  imports: 'looking for imports',
  authkeys: 'deleting expired authkeys, sessions and idempotency keys',
  'ended-jobs': 'deleting ended jobs',
  trash: 'deleting expired items of the trash',
  links: 'checking the links in use',
  'expired-links': 'deleting expired links',
  withdrawals: 'releasing withdrawn library drives',
  audit: 'deleting old audit events',
  capacities: 'deriving the capacities of pools',
  replicas: 'reporting that this replica runs',
};

/** The use cases that the upkeep runs. */
export interface Chores {
  readonly leases: HeldLeases;
  readonly uploadLeases: Pick<UploadLeases, 'renew'>;
  readonly tendUploads: TendUploads;
  readonly sweep: Sweep;
  readonly jobs: RunJobs;
  readonly imports: RunImports;
  readonly deleteExpiredAuthkeys: DeleteExpiredAuthkeys;
  readonly deleteEndedSessions: DeleteEndedSessions;
  readonly deleteExpiredKeys: DeleteExpiredKeys;
  readonly deleteOldJobs: DeleteOldJobs;
  readonly expireTrash: ExpireTrash;
  readonly linkUses: LinkUses;
  readonly deleteExpiredLinks: DeleteExpiredLinks;
  readonly releaseWithdrawn: ReleaseWithdrawn;
  readonly deleteOldAuditEntries: DeleteOldAuditEntries;
  readonly recordDeniedAttempt: RecordDeniedAttempt;
  readonly deriveCapacities: DeriveCapacities;
  readonly seeReplica: SeeReplica;
}

/**
 * The background work of the service: renews leases, sweeps, runs jobs, and deletes what its
 * retention has passed.
 */
export class Upkeep implements Removals {
  readonly #renewing: Repeat;
  readonly #renewingUploads: Repeat;
  readonly #tending: Repeat;
  readonly #sweeping: Repeat;
  readonly #forgetting: readonly Repeat[];
  readonly #jobs: RunJobs;
  readonly #imports: RunImports;
  readonly #recordDeniedAttempt: RecordDeniedAttempt;
  readonly #working: Repeat;
  readonly #importing: Repeat;
  /** Wakes the workers when there is a new job or import. */
  readonly workers: Workers = {
    wake: () => {
      this.#working.wake();
      this.#importing.wake();
    },
  };

  constructor(
    {
      leases,
      uploadLeases,
      tendUploads,
      sweep,
      jobs,
      imports,
      deleteExpiredAuthkeys,
      deleteEndedSessions,
      deleteExpiredKeys,
      deleteOldJobs,
      expireTrash,
      linkUses,
      deleteExpiredLinks,
      releaseWithdrawn,
      deleteOldAuditEntries,
      recordDeniedAttempt,
      deriveCapacities,
      seeReplica,
    }: Chores,
    leaseSeconds: number,
    metrics: Metrics,
    log: Log,
  ) {
    function repeat(chore: Chore, milliseconds: number, work: () => Promise<unknown>): Repeat {
      return new Repeat(CHORES[chore], milliseconds, counted(metrics, chore, work), log);
    }
    this.#renewing = repeat('leases', (leaseSeconds * 1000) / RENEWALS_PER_LEASE, async () => leases.renew());
    this.#renewingUploads = repeat('upload-leases', RENEW_UPLOADS_EVERY_MS, async () => uploadLeases.renew());
    this.#tending = repeat('uploads', TEND_UPLOADS_EVERY_MS, async () => tendUploads.run());
    const endAndSweep = async (): Promise<void> => {
      await leases.endGivenUp();
      await sweep.run();
    };
    this.#sweeping = repeat('sweep', SWEEP_EVERY_MS, endAndSweep);
    this.#forgetting = [
      repeat('authkeys', FORGET_EVERY_MS, async () => {
        await deleteExpiredAuthkeys.run();
        await deleteEndedSessions.run();
        await deleteExpiredKeys.run();
      }),
      repeat('ended-jobs', FORGET_EVERY_MS, async () => deleteOldJobs.run()),
      repeat('trash', EXPIRE_EVERY_MS, async () => expireTrash.run()),
      repeat('links', CHECK_LINKS_EVERY_MS, async () => linkUses.check()),
      repeat('expired-links', FORGET_EVERY_MS, async () => deleteExpiredLinks.run()),
      repeat('withdrawals', RELEASE_EVERY_MS, async () => releaseWithdrawn.run()),
      repeat('audit', FORGET_EVERY_MS, async () => {
        await recordDeniedAttempt.sumUp();
        await deleteOldAuditEntries.run();
      }),
      repeat('capacities', DERIVE_EVERY_MS, async () => deriveCapacities.run()),
      repeat('replicas', SEE_EVERY_MS, async () => seeReplica.run()),
    ];
    this.#recordDeniedAttempt = recordDeniedAttempt;
    this.#jobs = jobs;
    this.#imports = imports;
    this.#working = repeat('jobs', LOOK_FOR_JOBS_EVERY_MS, async () => jobs.run());
    this.#importing = repeat('imports', LOOK_FOR_IMPORTS_EVERY_MS, async () => imports.run());
  }

  start(): void {
    for (const repeat of [...this.#lasting(), this.#working, this.#importing]) repeat.start();
  }

  /** Stops running jobs, so that other replicas continue them. The other chores go on. */
  async restFromJobs(): Promise<void> {
    await Promise.all([this.#working.stop(), this.#importing.stop(), this.#jobs.stop(), this.#imports.stop()]);
  }

  async stop(): Promise<void> {
    await this.restFromJobs();
    await Promise.all(this.#lasting().map(async (repeat) => repeat.stop()));
    await this.#recordDeniedAttempt.sumUp(true);
  }

  /** What goes on while requests are drained. */
  #lasting(): readonly Repeat[] {
    return [this.#renewing, this.#renewingUploads, this.#tending, this.#sweeping, ...this.#forgetting];
  }

  /** Wakes the renewal first: it tells this replica which of its uploads were deleted. */
  wake(): void {
    this.#renewing.wake();
    this.#sweeping.wake();
  }
}

function counted(metrics: Metrics, chore: Chore, work: () => Promise<unknown>): () => Promise<void> {
  return async () => {
    const begun = performance.now();
    const seconds = (): number => (performance.now() - begun) / 1000;
    try {
      await work();
    } catch (error) {
      metrics.chorePassed(chore, 'failed', seconds());
      throw error;
    }
    metrics.chorePassed(chore, 'done', seconds());
  };
}
