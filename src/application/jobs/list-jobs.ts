import type { Caller } from '../../domain/access/caller.ts';
import type { Page, PageTerms } from '../../domain/shared/page.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { viewed, type ViewedJob } from './view-job.ts';

/** The jobs that somebody asked for, newest last. */
export class ListJobs {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, page: PageTerms): Promise<Page<ViewedJob>> {
    const { total, items } = await this.#work.onBehalfOf(caller).read(async (tx) => tx.jobs.list(caller.uuid, page));
    return { total, items: items.map(viewed) };
  }
}
