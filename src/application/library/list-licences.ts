import type { Licence } from '../../domain/library/licence.ts';
import type { Page, PageTerms } from '../../domain/shared/page.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** The licences that the operator declares. */
export class ListLicences {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(page: PageTerms): Promise<Page<Licence>> {
    return this.#work.read((tx) => tx.licences.list(page));
  }
}
