import type { Caller } from '../../domain/access/caller.ts';
import type { JobState } from '../../domain/jobs/job.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { JobId } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import { viewerOf } from '../media/view-item.ts';
import { requireJob, withPace, type VisibleJob } from '../media/visible-job.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type ViewVisibleJobFailure = 'job-not-found';

/** Lists the caller's own jobs, and those of groups whose media the caller may list. */
export class ListVisibleJobs {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, state: JobState | null, terms: KeysetTerms<'created'>): Promise<KeysetPage<VisibleJob>> {
    const page = await this.#work.onBehalfOf(caller).read(async (tx) => tx.jobs.page(viewerOf(caller), state, terms));
    return { ...page, items: page.items.map(withPace) };
  }

  /** Returns one of these jobs. */
  async one(caller: Caller, id: JobId | null): Promise<VisibleJob> {
    if (id === null) throw new DomainError('job-not-found');
    return this.#work.onBehalfOf(caller).read(async (tx) => requireJob(tx, caller, id));
  }
}
