import type { Caller } from '../../domain/access/caller.ts';
import type { Link } from '../../domain/media/link.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { requireLinkable, type LinkableFailure } from './require-linkable.ts';

export type ListLinksFailure = LinkableFailure;

/** Lists the links of an item, with their use, for callers who may create some. */
export class ListLinks {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, id: MediaId, terms: KeysetTerms<'created'>): Promise<KeysetPage<Link>> {
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      await requireLinkable(tx, caller, id);
      return tx.links.page(id, terms);
    });
  }
}
