import { isDomainError, type FailureCode } from '../../domain/shared/domain-error.ts';
import type { BlobId } from '../../domain/shared/ids.ts';
import type { Grace } from '../maintenance/grace.ts';
import type { HeldLeases, Lease } from '../maintenance/held-leases.ts';
import type { Purge } from '../media/purge.ts';
import { takeOutIf } from '../media/take-out.ts';
import type { BlobStores } from '../ports/blob-store.ts';
import type { ClaimedJob } from '../ports/job-repository.ts';
import type { Log } from '../ports/log.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Workers } from '../ports/workers.ts';
import type { PerformClone } from './perform-clone.ts';

export interface JobTerms {
  /** How many jobs this process does at once. */
  readonly atOnce: number;
  /** How long a job that failed rests before it is tried again, in seconds; twice as long each time. */
  readonly restSeconds: number;
}

type Target = NonNullable<ClaimedJob['target']>;

interface Found {
  readonly claimed: ClaimedJob;
  readonly lease: Lease | null;
}

/** A job that failed this often has failed. */
const MOST_ATTEMPTS = 5;

/** What may be otherwise the next time. */
const PASSING: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'unavailable',
  'bytes-missing',
  'no-space',
  'media-busy',
]);

const STOPPED = new Error('no more jobs are done here');

/** Does the jobs that are due, a few at once. Any number of replicas may do so. */
export class RunJobs {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores;
  readonly #leases: HeldLeases;
  readonly #grace: Grace;
  readonly #perform: PerformClone;
  readonly #purge: Purge;
  readonly #workers: Workers;
  readonly #log: Log;
  readonly #terms: JobTerms;
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(
    work: UnitOfWork,
    stores: BlobStores,
    leases: HeldLeases,
    grace: Grace,
    perform: PerformClone,
    purge: Purge,
    workers: Workers,
    log: Log,
    terms: JobTerms,
  ) {
    this.#work = work;
    this.#stores = stores;
    this.#leases = leases;
    this.#grace = grace;
    this.#perform = perform;
    this.#purge = purge;
    this.#workers = workers;
    this.#log = log;
    this.#terms = terms;
  }

  /** Begins what is due, as far as there is room, and resolves; the workers are woken when there is room again. Fails with `unavailable`. */
  async run(): Promise<void> {
    while (this.#running.size < this.#terms.atOnce && !this.#stop.signal.aborted) {
      const found = await this.#claim();
      if (found === null) return;
      const running = this.#do(found.claimed, found.lease).finally(() => {
        this.#running.delete(running);
        this.#workers.wake();
      });
      this.#running.add(running);
    }
  }

  /** Begins no more, and puts down what is under way, for others to go on with. Resolves when that has been done. */
  async stop(): Promise<void> {
    this.#stop.abort(STOPPED);
    await this.idle();
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #claim(): Promise<Found | null> {
    const grace = this.#grace.seconds;
    try {
      const found = await this.#leases.adopt(async (terms) => {
        const claimed = await this.#work.run(async (tx) => tx.jobs.claim(terms, grace));
        return claimed && { claimed, leased: claimed.target?.media.id ?? null };
      });
      this.#grace.answered();
      return found;
    } catch (error) {
      this.#grace.lost();
      throw error;
    }
  }

  /** Never fails: where a job can't be ended, its lease is, and whoever comes next does it. */
  async #do(job: ClaimedJob, lease: Lease | null): Promise<void> {
    try {
      if (job.target === null || lease === null) {
        await this.#work.run(async (tx) => tx.jobs.end(job.id, 'error', 'media-not-found'));
      } else {
        await this.#try(job, job.target, lease);
      }
    } catch (error) {
      this.#grace.lost();
      lease?.giveUp();
      this.#log.warn({ job: job.id, err: error }, 'a job is left to whoever comes next');
    }
  }

  async #try(job: ClaimedJob, target: Target, lease: Lease): Promise<void> {
    try {
      await this.#perform.run(job, target, lease, this.#stop.signal);
      if (job.operation === 'part') await this.#purge.run(target.media.id);
    } catch (error) {
      await this.#settle(job, target, lease, error);
    }
    lease.release();
  }

  /** Asks the database what is true after a failure, since a lost answer to COMMIT may have been a success, and goes on from there. */
  async #settle(job: ClaimedJob, target: Target, lease: Lease, error: unknown): Promise<void> {
    const { id, blob } = target.media;
    const media = await this.#work.run(async (tx) => tx.media.find(id));
    if (media?.state === 'ready') return;
    if (media?.state !== target.media.state) return this.#abandon(job, target, media !== null);

    // Fails where somebody took us for dead: then it is theirs.
    if (lease.signal.aborted) return;
    await lease.confirm();
    const failure = isDomainError(error) ? error.code : 'unexpected';
    const isPassing = !isDomainError(error) || PASSING.has(error.code);
    if (this.#stop.signal.aborted) await this.#postpone(job, 0, false, null);
    else if (isPassing && job.attempts < MOST_ATTEMPTS) {
      const seconds = this.#terms.restSeconds * 2 ** (job.attempts - 1);
      await this.#postpone(job, seconds, true, failure);
      this.#log.warn({ job: job.id, media: id, err: error, seconds }, 'a job failed and will be tried again');
    } else {
      await this.#fail(job, id, failure);
      this.#log.warn({ job: job.id, media: id, blob, err: error }, 'a job failed');
    }
  }

  /** Nobody wants the clone any more. What was made of it goes, and what it was made of may. */
  async #abandon({ id, operation }: ClaimedJob, { media }: Target, isStillThere: boolean): Promise<void> {
    if (isStillThere) await this.#purge.run(media.id);
    // A sweeper took us for dead, so that the row went first: whatever we made since then has none.
    else if (operation === 'clone' && ownsBlob(media)) await this.#stores.of(media.pool).remove(media.blob);
    await this.#work.run(async (tx) => tx.jobs.end(id, 'error', 'media-not-found'));
  }

  async #postpone(job: ClaimedJob, seconds: number, counts: boolean, failure: string | null): Promise<void> {
    const terms = { holder: this.#leases.holder, seconds, counts, failure };
    await this.#work.run(async (tx) => tx.jobs.postpone(job.id, terms));
  }

  /** The quota is given back with the end of the job; the bytes that there are go afterwards. */
  async #fail(job: ClaimedJob, id: Target['media']['id'], failure: string): Promise<void> {
    await this.#work.run(async (tx) => {
      if (job.operation === 'part') await tx.media.beginRemoval(id);
      else await takeOutIf(tx, id, ({ state }) => state === 'cloning');
      await tx.jobs.end(job.id, 'error', failure);
    });
    await this.#purge.run(id);
  }
}

function ownsBlob({ id, blob }: Target['media']): boolean {
  return blob === (id as string as BlobId);
}
