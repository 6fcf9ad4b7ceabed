import type { Caller } from '../../domain/access/caller.ts';
import type { Page, PageTerms } from '../../domain/shared/page.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { tagViews, type TagView } from './tag-view.ts';

/** The tags that somebody made. */
export class ListTags {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, page: PageTerms): Promise<Page<TagView>> {
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      const { total, items } = await tx.tags.list(caller.uuid, page);
      return { total, items: await tagViews(tx, caller, items) };
    });
  }
}
