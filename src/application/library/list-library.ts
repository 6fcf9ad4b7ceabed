import type { Caller } from '../../domain/access/caller.ts';
import type { LibrarySearch } from '../../domain/library/library-search.ts';
import type { Page } from '../../domain/shared/page.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { shownTo, type ShownLibraryDrive } from './shown-library-drive.ts';

/** The library, as everybody who is known sees it. */
export class ListLibrary {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** `caller` is null for the operator, who has no servers. */
  async run(caller: Caller | null, search: LibrarySearch): Promise<Page<ShownLibraryDrive>> {
    return this.#work.read(async (tx) => {
      const { total, items } = await tx.library.search(search);
      return { total, items: await shownTo(tx, caller, items) };
    });
  }
}
