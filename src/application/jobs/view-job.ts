import type { Caller } from '../../domain/access/caller.ts';
import { progressOf, type Job } from '../../domain/jobs/job.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { JobId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** A job as whoever asked for it sees it. */
export type ViewedJob = Job & {
  /** How far it is, in whole percent. */
  readonly progress: number;
};

/** A job with what is reckoned from it. */
export function viewed(job: Job): ViewedJob {
  return { ...job, progress: progressOf(job) };
}

export type ViewJobFailure = 'job-not-found';

/** One job, for whoever asked for it. */
export class ViewJob {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** `id` is null for what can't be an id. */
  async run(caller: Caller, id: JobId | null): Promise<ViewedJob> {
    const job =
      id === null ? null : await this.#work.onBehalfOf(caller).read(async (tx) => tx.jobs.find(id, caller.uuid));
    if (job === null) throw new DomainError('job-not-found');
    return viewed(job);
  }
}
