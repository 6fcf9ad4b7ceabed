import type { Caller } from '../../domain/access/caller.ts';
import type { LongList, PageTerms } from '../../domain/shared/page.ts';
import type { LongLists } from '../lists/long-lists.ts';
import { readInBatches } from '../lists/read-in-batches.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { tagViews, type TagView } from './tag-view.ts';

/** Lists the caller's tags. */
export class ListTags {
  readonly #work: UnitOfWork;
  readonly #lists: LongLists;

  constructor(work: UnitOfWork, lists: LongLists) {
    this.#work = work;
    this.#lists = lists;
  }

  async run(caller: Caller, page: PageTerms): Promise<LongList<TagView>> {
    const work = this.#work.onBehalfOf(caller);
    return readInBatches(this.#lists, caller, page, {
      first: async (terms) =>
        work.read(async (tx) => {
          const first = await tx.tags.list(caller.uuid, terms);
          return { ...first, items: await tagViews(tx, caller, first.items) };
        }),
      behind: async (after, max) =>
        work.read(async (tx) => {
          const batch = await tx.tags.listBehind(caller.uuid, after, max);
          return { ...batch, items: await tagViews(tx, caller, batch.items) };
        }),
    });
  }
}
