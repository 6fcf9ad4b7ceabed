import type { Caller } from '../../domain/access/caller.ts';
import { paceOf, type JobPace, type ListedJob } from '../../domain/jobs/job-listing.ts';
import { isAboutSource, type JobState } from '../../domain/jobs/job.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { JobId, MediaId } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import { viewerOf } from '../media/view-item.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** A job with its pace, and the item that it creates or changes. */
export type VisibleJob = ListedJob & JobPace & { readonly subject: MediaId };

export type ViewVisibleJobFailure = 'job-not-found';

/** Lists the caller's own jobs, and those under way about items that the caller may list. */
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
    const found =
      id === null
        ? null
        : await this.#work.onBehalfOf(caller).read(async (tx) => tx.jobs.findListed(viewerOf(caller), id));
    if (found === null) throw new DomainError('job-not-found');
    return withPace(found);
  }
}

function withPace(job: ListedJob): VisibleJob {
  return { ...job, ...paceOf(job), subject: isAboutSource(job.operation) ? job.source : job.target };
}
