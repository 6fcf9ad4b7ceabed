import type { TenantId } from '../../domain/access/tenant.ts';
import { SYSTEM } from '../../domain/audit/audit-event.ts';
import { pauseBeforeRetry } from '../../domain/imports/retries.ts';
import { DomainError, isDomainError, isFailure, type FailureCode } from '../../domain/shared/domain-error.ts';
import type { Upload } from '../../domain/uploads/upload.ts';
import type { ClaimedImport } from '../ports/import-repository.ts';
import type { Log } from '../ports/log.ts';
import type { JobOutcome, Metrics } from '../ports/metrics.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Workers } from '../ports/workers.ts';
import { tenantsAtTheirShare } from '../shares/fair-slots.ts';
import type { EndUpload } from '../uploads/end-upload.ts';
import type { UploadLease, UploadLeases } from '../uploads/upload-leases.ts';
import type { PerformImport } from './perform-import.ts';
import { SourceFailure } from './source-bytes.ts';
import { MAX_IMPORT_SECONDS } from './write-import.ts';

/** Other workers leave a claimed import alone for so long, while its lease is acquired. */
const HOLD_SECONDS = 10;
/** The share of all slots that one tenant may have. */
const TENANT_SHARE = 1 / 2;
/** The number of tenants that are remembered in the order of their last imports. */
const MAX_REMEMBERED_TENANTS = 1000;

/** Failures of the pool or the database that may not occur at the next try. */
const RETRYABLE: ReadonlySet<FailureCode> = new Set<FailureCode>(['unavailable', 'no-space']);

const STOPPED = new Error('this process runs no more imports');

interface Dependencies {
  readonly work: UnitOfWork;
  readonly uploadLeases: UploadLeases;
  readonly endUpload: EndUpload;
  readonly performImport: PerformImport;
  readonly workers: Workers;
  readonly metrics: Metrics;
  readonly log: Log;
  /** How many imports this process runs at once. */
  readonly maxImports: number;
  /** Whether the operator permits imports: those that wait fail otherwise. */
  readonly importsAreOn: boolean;
}

/** Runs imports in the background, a few at a time. Any number of replicas may do so. */
export class RunImports {
  readonly #dependencies: Dependencies;
  /** The running imports with their tenants. */
  readonly #running = new Map<Promise<void>, TenantId>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  /** The tenants that had an import, the latest last. */
  #recentTenants: readonly TenantId[] = [];
  readonly #stop = new AbortController();

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Starts due imports up to the limit, and resolves. Wakes the workers when an import ends.
   *
   * @throws `unavailable`
   */
  async run(): Promise<void> {
    const { maxImports } = this.#dependencies;
    while (this.#running.size < maxImports && !this.#stop.signal.aborted) {
      const job = await this.#claim();
      if (job === null) return;
      this.#recentTenants = [...this.#recentTenants.filter((other) => other !== job.tenant), job.tenant].slice(
        -MAX_REMEMBERED_TENANTS,
      );
      const running = this.#runOne(job).then((outcome) => {
        this.#dependencies.metrics.importAttempted(outcome);
        this.#running.delete(running);
        this.#dependencies.workers.wake();
      });
      this.#running.set(running, job.tenant);
    }
  }

  /**
   * Starts no more imports, and gives the running ones up, so that other replicas go on with them.
   * Resolves when that is done.
   */
  async stop(): Promise<void> {
    this.#stop.abort(STOPPED);
    for (const timer of this.#timers) clearTimeout(timer);
    await this.idle();
  }

  /** Resolves when no import runs. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.keys());
  }

  async #claim(): Promise<ClaimedImport | null> {
    const { work, maxImports } = this.#dependencies;
    const share = Math.max(1, Math.floor(maxImports * TENANT_SHARE));
    const order = {
      excluded: tenantsAtTheirShare(maxImports, [...this.#running.values()], share),
      served: this.#recentTenants,
    };
    return work.run(async (tx) => tx.imports.claim(order, HOLD_SECONDS));
  }

  /** Never rejects. An import that cannot be ended is left to another process. */
  async #runOne(job: ClaimedImport): Promise<JobOutcome> {
    const { uploadLeases, log } = this.#dependencies;
    try {
      let lease: UploadLease;
      try {
        lease = await uploadLeases.acquire(job.upload);
      } catch (error) {
        return await this.#conclude(job, null, error);
      }
      try {
        return await this.#attempt(job, lease);
      } finally {
        await lease.release();
      }
    } catch (error) {
      log.warn({ job: job.job, err: error }, 'an import could not be ended: another process will continue it');
      return 'left';
    }
  }

  async #attempt(job: ClaimedImport, lease: UploadLease): Promise<JobOutcome> {
    const { performImport, importsAreOn } = this.#dependencies;
    const expired = new AbortController();
    const failure = new DomainError('import-expired', { maxSeconds: MAX_IMPORT_SECONDS });
    const remaining = Math.max(0, MAX_IMPORT_SECONDS - job.ageSeconds) * 1000;
    const timer = setTimeout(() => expired.abort(failure), remaining);
    try {
      if (!importsAreOn) throw new DomainError('imports-off');
      if (remaining === 0) throw failure;
      await performImport.run(job, lease, AbortSignal.any([this.#stop.signal, expired.signal]));
      return 'done';
    } catch (error) {
      return await this.#conclude(job, lease, expired.signal.aborted ? failure : error);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Reads the state of the upload after a failure, because a COMMIT whose reply was lost may have
   * succeeded, and concludes the job accordingly.
   */
  async #conclude(job: ClaimedImport, lease: UploadLease | null, error: unknown): Promise<JobOutcome> {
    const { work, endUpload } = this.#dependencies;
    const upload = await work.run(async (tx) => tx.uploads.find(job.upload));
    if (upload?.state === 'finished') {
      await work.run(async (tx) => tx.jobs.end(job.job, 'success', null));
      return 'done';
    }
    if (upload === null || upload.state === 'ended') {
      if (lease !== null) await endUpload.purge(lease.upload);
      const isEnded = await work.run(async (tx) => tx.jobs.end(job.job, 'error', 'media-not-found'));
      if (isEnded) await this.#recordEnd(job);
      return 'dropped';
    }
    if (this.#stop.signal.aborted) {
      await this.#postpone(job, 0, job.tries, null);
      return 'left';
    }
    // Another process has it, or the database did not respond in time: this one may not end it.
    if (lease === null || isLossOf(lease, error)) return 'left';
    return this.#retryOrFail(job, upload, error);
  }

  async #retryOrFail(job: ClaimedImport, upload: Upload, error: unknown): Promise<JobOutcome> {
    const { log } = this.#dependencies;
    const { failure, tries, seconds } = verdictOn(job, error);
    const subject = { job: job.job, media: job.upload, err: error, seconds };
    if (seconds !== null) {
      await this.#postpone(job, seconds, tries, failure?.code ?? 'unexpected');
      log.info(subject, 'an import failed and will be tried again');
      return 'retried';
    }
    await this.#fail(job, upload, failure);
    log.info(subject, 'an import failed');
    return 'failed';
  }

  async #postpone(job: ClaimedImport, seconds: number, tries: number, failure: string | null): Promise<void> {
    const { work, workers } = this.#dependencies;
    await work.run(async (tx) => tx.imports.postpone(job.job, seconds, tries, failure));
    if (this.#stop.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      workers.wake();
    }, seconds * 1000);
    this.#timers.add(timer);
  }

  /** Ends the job, and refunds the quota in the same transaction; deletes the bytes afterwards. */
  async #fail(job: ClaimedImport, upload: Upload, failure: DomainError | null): Promise<void> {
    const { endUpload } = this.#dependencies;
    const code = failure?.code ?? 'unexpected';
    const end = { by: job.owner ?? SYSTEM, action: 'media.import-end', result: code } as const;
    const detail: object = failure?.detail ?? {};
    const isEnded = await endUpload.withoutPurge(upload, end, async (tx) =>
      tx.jobs.end(job.job, 'error', code, detail),
    );
    if (isEnded) await endUpload.purge(upload);
  }

  async #recordEnd({ owner, upload }: ClaimedImport): Promise<void> {
    const event = { action: 'media.import-end', result: 'media-not-found', media: upload } as const;
    await this.#dependencies.work.run(async (tx) => tx.audit.record(owner ?? SYSTEM, event));
  }
}

interface Verdict {
  /** Null for an unexpected failure. */
  readonly failure: DomainError | null;
  readonly tries: number;
  /** When to try again; null if the import fails. */
  readonly seconds: number | null;
}

function verdictOn(job: ClaimedImport, error: unknown): Verdict {
  if (error instanceof SourceFailure) return error;
  const failure = isDomainError(error) ? error : null;
  const tries = job.tries + 1;
  const isRetryable = failure === null || RETRYABLE.has(failure.code);
  return { failure, tries, seconds: isRetryable ? pauseBeforeRetry(tries, null) : null };
}

function isLossOf({ signal }: UploadLease, error: unknown): boolean {
  return signal.aborted && error === signal.reason && !isFailure(error, 'upload-gone');
}
