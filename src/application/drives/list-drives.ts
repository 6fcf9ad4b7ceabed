import type { Caller } from '../../domain/access/caller.ts';
import { isNarrowed, type LabelSearch } from '../../domain/media/label.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { LongList } from '../../domain/shared/page.ts';
import type { LongLists } from '../lists/long-lists.ts';
import { readInBatches } from '../lists/read-in-batches.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { viewsOf, type DriveView } from './drive-view.ts';

/** Lists the drives that a caller sees, of all groups and in all states. */
export class ListDrives {
  readonly #work: UnitOfWork;
  readonly #lists: LongLists;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, lists: LongLists, pools: Pools) {
    this.#work = work;
    this.#lists = lists;
    this.#pools = pools;
  }

  async run(caller: Caller, search: LabelSearch): Promise<LongList<DriveView>> {
    const work = this.#work.onBehalfOf(caller);
    const ask: UnitOfWork['read'] = async (asking) => (isNarrowed(search) ? work.search(asking) : work.read(asking));
    return readInBatches(this.#lists, caller, search, {
      first: async (terms) =>
        ask(async (tx) => {
          const first = await tx.labels.search(caller.id, { ...search, ...terms });
          return { ...first, items: await viewsOf(tx, this.#pools, caller, first.items) };
        }),
      behind: async (after, max) =>
        ask(async (tx) => {
          const batch = await tx.labels.searchBehind(caller.id, search, after, max);
          return { ...batch, items: await viewsOf(tx, this.#pools, caller, batch.items) };
        }),
    });
  }
}
