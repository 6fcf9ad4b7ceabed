import type { Caller } from '../../domain/access/caller.ts';
import type { TrashFilter, TrashSort } from '../../domain/media/trash-filter.ts';
import type { TrashedMedia } from '../../domain/media/trashed-media.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** A listed item of the trash. */
export interface ListedTrash extends TrashedMedia {
  /** When it is deleted. */
  readonly expiresAt: Date;
}

const MS_PER_DAY = 86_400_000;

/** Lists the items in the trash of the groups whose items the caller lists, page by page. */
export class ListTrash {
  readonly #work: UnitOfWork;
  readonly #keptMs: number;

  constructor(work: UnitOfWork, trashDays: number) {
    this.#work = work;
    this.#keptMs = trashDays * MS_PER_DAY;
  }

  async run(caller: Caller, filter: TrashFilter, terms: KeysetTerms<TrashSort>): Promise<KeysetPage<ListedTrash>> {
    const { items, ...page } = await this.#work
      .onBehalfOf(caller)
      .read((tx) => tx.trash.page(caller.id, filter, terms));
    const expiresAt = ({ trashedAt }: TrashedMedia): Date => new Date(trashedAt.getTime() + this.#keptMs);
    return { ...page, items: items.map((item) => ({ ...item, expiresAt: expiresAt(item) })) };
  }
}
