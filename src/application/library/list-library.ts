import type { Caller } from '../../domain/access/caller.ts';
import type { LibraryDrive } from '../../domain/library/library-drive.ts';
import type { LibrarySearch } from '../../domain/library/library-search.ts';
import type { Page } from '../../domain/shared/page.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';

/** Lists the library drives. Every authenticated caller sees all of them. */
export class ListLibrary {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** `caller` is null for the operator, who has no servers. */
  async run(caller: Caller | null, search: LibrarySearch): Promise<Page<LibraryDrive>> {
    const work = caller === null ? this.#work : this.#work.onBehalfOf(caller);
    const list = async (tx: Transaction): Promise<Page<LibraryDrive>> =>
      tx.library.search(search, caller?.uuid ?? null);
    return search.conditions.length > 0 ? work.search(list) : work.read(list);
  }
}
