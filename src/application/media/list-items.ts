import type { Caller } from '../../domain/access/caller.ts';
import { IMAGE_FORMATS } from '../../domain/media/formats/image-format.ts';
import { isSearch, type ListedItem, type MediaFilter, type MediaSort } from '../../domain/media/media-listing.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { viewerOf } from './view-item.ts';

/** The formats that a list can be narrowed to. */
export const LISTED_FORMATS = IMAGE_FORMATS;

export type ListItemsFailure = 'search-too-broad';

/** Lists the items of all groups that a caller sees, page by page. */
export class ListItems {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** Returns an empty page for a group that the caller does not see. */
  async run(caller: Caller, filter: MediaFilter, terms: KeysetTerms<MediaSort>): Promise<KeysetPage<ListedItem>> {
    const work = this.#work.onBehalfOf(caller);
    const list = async (tx: Transaction): Promise<KeysetPage<ListedItem>> =>
      tx.catalogue.list(viewerOf(caller), filter, terms);
    return isSearch(filter) || terms.counts ? work.search(list) : work.read(list);
  }
}
