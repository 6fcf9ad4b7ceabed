import type { Caller } from '../../domain/access/caller.ts';
import type { LibraryDrive } from '../../domain/library/library-drive.ts';
import type { LibraryCondition } from '../../domain/library/library-search.ts';
import { MAX_COUNTED, type KeysetPage, type KeysetTerms } from '../../domain/shared/keyset.ts';
import type { ListLibrary } from './list-library.ts';

export type ListLibraryByPageFailure = 'search-too-broad';

export type LibrarySort = 'created' | 'name' | 'size';

const KEYS: Readonly<Record<LibrarySort, (drive: LibraryDrive) => string | number>> = {
  created: ({ published }) => published,
  name: ({ facts }) => facts.name,
  size: ({ size }) => size,
};

/**
 * Lists the library drives page by page. The library is what one operator declares: it is short.
 */
export class ListLibraryByPage {
  readonly #listLibrary: ListLibrary;

  constructor(listLibrary: ListLibrary) {
    this.#listLibrary = listLibrary;
  }

  async run(
    caller: Caller,
    conditions: readonly LibraryCondition[],
    { sort, isDescending, after, limit, counts }: KeysetTerms<LibrarySort>,
  ): Promise<KeysetPage<LibraryDrive>> {
    const { items, total } = await this.#listLibrary.run(caller, { conditions, limit: null, offset: 0 });
    const order = (one: Position, other: Position): number => compare(one, other) * (isDescending ? -1 : 1);
    const sorted = items
      .map((drive) => ({ drive, value: KEYS[sort](drive), id: drive.id }))
      .filter((position) => after === null || order(position, after) > 0)
      .toSorted(order);
    const page = sorted.slice(0, limit);
    const last = sorted.length > limit ? page.at(-1) : undefined;
    return {
      items: page.map(({ drive }) => drive),
      last: last === undefined ? null : { value: last.value, id: last.id },
      total: counts ? Math.min(total, MAX_COUNTED) : null,
    };
  }
}

interface Position {
  readonly value: string | number;
  readonly id: string;
}

function compare(one: Position, other: Position): number {
  if (one.value !== other.value) return one.value < other.value ? -1 : 1;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}
