import type { Caller } from '../../domain/access/caller.ts';
import type { LongList, PageTerms } from '../../domain/shared/page.ts';
import type { LongLists } from '../lists/long-lists.ts';
import { readInBatches } from '../lists/read-in-batches.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { withProgress, type JobView } from './view-job.ts';

/** Lists the jobs that the caller started, newest last. */
export class ListJobs {
  readonly #work: UnitOfWork;
  readonly #lists: LongLists;

  constructor(work: UnitOfWork, lists: LongLists) {
    this.#work = work;
    this.#lists = lists;
  }

  async run(caller: Caller, page: PageTerms): Promise<LongList<JobView>> {
    const work = this.#work.onBehalfOf(caller);
    return readInBatches(this.#lists, caller, page, {
      first: async (terms) => {
        const first = await work.read(async (tx) => tx.jobs.list(caller.uuid, terms));
        return { ...first, items: first.items.map(withProgress) };
      },
      behind: async (after, max) => {
        const batch = await work.read(async (tx) => tx.jobs.listBehind(caller.uuid, after, max));
        return { ...batch, items: batch.items.map(withProgress) };
      },
    });
  }
}
