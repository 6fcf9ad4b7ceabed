import type { Caller } from '../../domain/access/caller.ts';
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

  /** `caller` is null for the operator, who has no servers. */
  async run(caller: Caller | null, search: LibrarySearch): Promise<Page<LibraryDrive>> {
    return this.#work.read(async (tx) => tx.library.search(search, caller?.uuid ?? null));
  }
}
