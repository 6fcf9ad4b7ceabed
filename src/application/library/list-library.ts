import type { LibraryDrive } from '../../domain/library/library-drive.ts';
import type { LibrarySearch } from '../../domain/library/library-search.ts';
import type { Page } from '../../domain/shared/page.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** The library, as everybody who is known sees it. */
export class ListLibrary {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(search: LibrarySearch): Promise<Page<LibraryDrive>> {
    return this.#work.run((tx) => tx.library.search(search));
  }
}
