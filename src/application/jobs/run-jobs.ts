import type { Result } from '../../domain/audit/audit-event.ts';
import type { TenantId } from '../../domain/access/tenant.ts';
import { isDomainError, type FailureCode } from '../../domain/shared/domain-error.ts';
import { ownBlobOf } from '../../domain/media/own-blob.ts';
import type { Grace } from '../leases/grace.ts';
import type { HeldLeases, Lease } from '../leases/held-leases.ts';
import type { Purge } from '../media/purge.ts';
import { markCopyForDeletion } from '../media/mark-copy-for-deletion.ts';
import { markForDeletionIf } from '../media/mark-for-deletion.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { ClaimedJob, JobTarget } from '../ports/job-repository.ts';
import type { Log } from '../ports/log.ts';
import type { JobOutcome, Metrics } from '../ports/metrics.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Workers } from '../ports/workers.ts';
import { tenantsAtTheirShare } from '../shares/fair-slots.ts';
import { endJob } from './end-job.ts';

export interface JobTerms {
  /** The number of jobs that this process runs at once. */
  readonly maxRunning: number;
  /** How long a failed job waits before the next attempt; doubles with each attempt. */
  readonly restSeconds: number;
}

/** Does the work of a claimed job, and ends it. */
export interface JobPerformer {
  run(job: ClaimedJob, target: JobTarget, lease: Lease, signal: AbortSignal): Promise<void>;
}

interface AdoptedJob {
  readonly claimed: ClaimedJob;
  readonly lease: Lease | null;
}

/** After this many attempts a job fails. */
const MAX_ATTEMPTS = 5;

/** The number of tenants that are remembered in the order of their last jobs. */
const MAX_REMEMBERED_TENANTS = 1000;

/** Failures that may not occur at the next attempt. */
const RETRYABLE: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'unavailable',
  'bytes-missing',
  'no-space',
  'media-busy',
]);

const STOPPED = new Error('this process runs no more jobs');

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly leases: HeldLeases;
  readonly grace: Grace;
  readonly perform: JobPerformer;
  readonly purge: Purge;
  readonly workers: Workers;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly terms: JobTerms;
}

/** Runs due jobs, a few at once, in turn for each tenant. Any number of replicas may do so. */
export class RunJobs {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent>;
  readonly #leases: HeldLeases;
  readonly #grace: Grace;
  readonly #perform: JobPerformer;
  readonly #purge: Purge;
  readonly #workers: Workers;
  readonly #metrics: Metrics;
  readonly #log: Log;
  readonly #terms: JobTerms;
  /** The running jobs with their tenants. */
  readonly #running = new Map<Promise<void>, TenantId>();
  /** The tenants that had a job, the latest last. */
  #recentTenants: readonly TenantId[] = [];
  readonly #stop = new AbortController();

  constructor({ work, stores, leases, grace, perform, purge, workers, metrics, log, terms }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#leases = leases;
    this.#grace = grace;
    this.#perform = perform;
    this.#purge = purge;
    this.#workers = workers;
    this.#metrics = metrics;
    this.#log = log;
    this.#terms = terms;
  }

  /**
   * Starts due jobs up to the limit, and resolves. Wakes the workers when a job ends.
   *
   * @throws `unavailable`
   */
  async run(): Promise<void> {
    while (this.#running.size < this.#terms.maxRunning && !this.#stop.signal.aborted) {
      const found = await this.#claim();
      if (found === null) return;
      const running = this.#runOne(found.claimed, found.lease).then((outcome) => {
        this.#metrics.jobAttempted(outcome);
        this.#running.delete(running);
        this.#workers.wake();
      });
      this.#rememberTenant(found.claimed.tenant);
      this.#running.set(running, found.claimed.tenant);
    }
  }

  /**
   * Starts no more jobs, and postpones the running ones, so that other replicas continue them.
   * Resolves when that is done.
   */
  async stop(): Promise<void> {
    this.#stop.abort(STOPPED);
    await this.idle();
  }

  /** Resolves when no job runs. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.keys());
  }

  #rememberTenant(tenant: TenantId): void {
    this.#recentTenants = [...this.#recentTenants.filter((other) => other !== tenant), tenant].slice(
      -MAX_REMEMBERED_TENANTS,
    );
  }

  async #claim(): Promise<AdoptedJob | null> {
    const grace = this.#grace.seconds;
    const order = {
      excluded: tenantsAtTheirShare(this.#terms.maxRunning, [...this.#running.values()]),
      served: this.#recentTenants,
    };
    try {
      const found = await this.#leases.adopt(async (terms) => {
        const claimed = await this.#work.run(async (tx) => tx.jobs.order(terms, grace, order));
        return claimed && { claimed, leased: claimed.target?.media.id ?? null };
      });
      this.#grace.databaseResponded();
      return found;
    } catch (error) {
      this.#grace.databaseFailed();
      throw error;
    }
  }

  /**
   * Never rejects. If the job cannot be ended, gives up its lease, so that another replica
   * continues it.
   */
  async #runOne(job: ClaimedJob, lease: Lease | null): Promise<JobOutcome> {
    try {
      if (job.target !== null && lease !== null) return await this.#attempt(job, job.target, lease);
      await this.#work.run(async (tx) => endJob(tx, job, 'media-not-found'));
      return 'dropped';
    } catch (error) {
      this.#grace.databaseFailed();
      lease?.giveUp();
      this.#log.warn({ job: job.id, err: error }, 'a job could not be ended: another replica will continue it');
      return 'left';
    }
  }

  async #attempt(job: ClaimedJob, target: JobTarget, lease: Lease): Promise<JobOutcome> {
    let outcome: JobOutcome = 'done';
    try {
      await this.#perform.run(job, target, lease, this.#stop.signal);
      if (job.operation === 'unshare') await this.#purge.run(target.media.id);
    } catch (error) {
      outcome = await this.#conclude(job, target, lease, error);
    }
    lease.release();
    return outcome;
  }

  /**
   * Reads the state of the clone after a failure, because a COMMIT whose reply was lost may have
   * succeeded, and concludes the job accordingly.
   */
  async #conclude(job: ClaimedJob, target: JobTarget, lease: Lease, error: unknown): Promise<JobOutcome> {
    const { id, blob } = target.media;
    const media = await this.#work.run(async (tx) => tx.media.find(id));
    if (media?.state === 'ready') return 'done';
    if (media?.state !== target.media.state) {
      await this.#abandon(job, target, media !== null);
      return 'dropped';
    }

    // Rejects if a sweeper considered this process dead: then another replica has the job.
    if (lease.signal.aborted) return 'left';
    await lease.confirm();
    const failure = isDomainError(error) ? error.code : 'unexpected';
    const isRetryable = !isDomainError(error) || RETRYABLE.has(error.code);
    if (this.#stop.signal.aborted) {
      await this.#postpone(job, 0, false, null);
      return 'left';
    }
    if (isRetryable && job.attempts < MAX_ATTEMPTS) {
      const seconds = this.#terms.restSeconds * 2 ** (job.attempts - 1);
      await this.#postpone(job, seconds, true, failure);
      this.#log.warn({ job: job.id, media: id, err: error, seconds }, 'a job failed and will be tried again');
      return 'retried';
    }
    await this.#fail(job, id, failure);
    this.#log.warn({ job: job.id, media: id, blob, err: error }, 'a job failed');
    return 'failed';
  }

  /**
   * Ends the job of a clone that was removed. Deletes its bytes, and so unpins those of the source.
   */
  async #abandon(job: ClaimedJob, { media }: JobTarget, rowExists: boolean): Promise<void> {
    if (rowExists) await this.#purge.run(media.id);
    // A sweeper considered this process dead and deleted the row: bytes written since then have no
    // row.
    else if (job.operation !== 'unshare' && ownsBlob(media))
      await this.#stores.of(media.pool, media.location).remove(media.blob);
    await this.#work.run(async (tx) => endJob(tx, job, 'media-not-found'));
  }

  async #postpone(job: ClaimedJob, seconds: number, counts: boolean, failure: string | null): Promise<void> {
    const terms = { holder: this.#leases.holder, seconds, counts, failure };
    await this.#work.run(async (tx) => tx.jobs.postpone(job.id, terms));
  }

  /** Refunds the quota with the end of the job; deletes the bytes afterwards. */
  async #fail(job: ClaimedJob, id: JobTarget['media']['id'], failure: Result): Promise<void> {
    await this.#work.run(async (tx) => {
      if (job.operation === 'unshare') await tx.media.beginRemoval(id);
      else if (job.operation === 'move') await markCopyForDeletion(tx, id);
      else await markForDeletionIf(tx, id, ({ state }) => state === 'cloning');
      await endJob(tx, job, failure);
    });
    await this.#purge.run(id);
  }
}

function ownsBlob({ id, blob }: JobTarget['media']): boolean {
  return blob === ownBlobOf(id);
}
