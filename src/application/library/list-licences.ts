import type { Caller } from '../../domain/access/caller.ts';
import type { Licence } from '../../domain/library/licence.ts';
import type { Page, PageTerms } from '../../domain/shared/page.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Lists the licences that the operator declares. */
export class ListLicences {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, page: PageTerms): Promise<Page<Licence>> {
    return this.#work.onBehalfOf(caller).read((tx) => tx.licences.list(page));
  }
}
