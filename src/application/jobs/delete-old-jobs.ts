import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Jobs are kept for three days after they end (docs/cloudsigma.md#clones-and-jobs). */
const RETENTION_SECONDS = 3 * 24 * 60 * 60;

/** Deletes jobs that ended long ago. */
export class DeleteOldJobs {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** Returns the number of deleted jobs. May leave some to the next run. */
  async run(): Promise<number> {
    return this.#work.run(async (tx) => tx.jobs.forgetEnded(RETENTION_SECONDS));
  }
}
