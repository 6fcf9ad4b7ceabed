import type { Caller } from '../../domain/access/caller.ts';
import { progressOf, type Job } from '../../domain/jobs/job.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { JobId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** A job with its progress. */
export type JobView = Job & {
  /** In whole percent. */
  readonly progress: number;
};

/** Adds the progress to a job. */
export function withProgress(job: Job): JobView {
  return { ...job, progress: progressOf(job) };
}

export type ViewJobFailure = 'job-not-found';

/** Shows one of the caller's jobs. */
export class ViewJob {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** `id` is null for a string that cannot be an id. */
  async run(caller: Caller, id: JobId | null): Promise<JobView> {
    const job =
      id === null ? null : await this.#work.onBehalfOf(caller).read(async (tx) => tx.jobs.find(id, caller.uuid));
    if (job === null) throw new DomainError('job-not-found');
    return withProgress(job);
  }
}
