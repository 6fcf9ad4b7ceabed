import type { Caller } from '../../domain/access/caller.ts';
import type { ListedMedia } from '../../domain/media/media.ts';
import type { GroupId } from '../../domain/shared/ids.ts';
import type { ListCursor, WholeList } from '../../domain/shared/page.ts';
import { mayListIn } from '../access/require-permission.ts';
import type { LongLists } from '../lists/long-lists.ts';
import { readWhole } from '../lists/read-in-batches.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type ListMediaFailure = 'permission-missing' | 'group-not-found';

/**
 * Lists the finished items of a group in the pools that are assigned to it; none for a caller who
 * sees the group only as an ancestor.
 */
export class ListMedia {
  readonly #work: UnitOfWork;
  readonly #lists: LongLists;

  constructor(work: UnitOfWork, lists: LongLists) {
    this.#work = work;
    this.#lists = lists;
  }

  async run(caller: Caller, group: GroupId): Promise<WholeList<ListedMedia>> {
    const work = this.#work.onBehalfOf(caller);
    return readWhole<ListedMedia, ListCursor>(this.#lists, caller, async (after) =>
      work.read(async (tx) => {
        // Both at once, because nearly every caller may list them.
        const [batch, mayList] = await Promise.all([
          tx.media.listOf(group, after),
          mayListIn(tx, caller, 'velocity.media.list', group),
        ]);
        return mayList ? batch : { items: [], last: null };
      }),
    );
  }
}
