import type { Caller } from '../../domain/access/caller.ts';
import { isNarrowed, type LabelSearch } from '../../domain/media/label.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { Page } from '../../domain/shared/page.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { viewsOf, type MediaView } from './media-view.ts';

/** The media that a caller sees, of whichever group and in whichever state. */
export class ListLabelledMedia {
  readonly #work: UnitOfWork;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, pools: Pools) {
    this.#work = work;
    this.#pools = pools;
  }

  async run(caller: Caller, search: LabelSearch): Promise<Page<MediaView>> {
    const work = this.#work.onBehalfOf(caller);
    const list = async (tx: Transaction): Promise<Page<MediaView>> => {
      const { total, items } = await tx.labels.search(caller.id, search);
      return { total, items: await viewsOf(tx, this.#pools, caller, items) };
    };
    return isNarrowed(search) ? work.search(list) : work.read(list);
  }
}
