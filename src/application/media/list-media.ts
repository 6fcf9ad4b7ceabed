import type { Caller } from '../../domain/access/caller.ts';
import type { ListedMedia } from '../../domain/media/media.ts';
import type { GroupId } from '../../domain/shared/ids.ts';
import { mayListIn } from '../access/require-permission.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type ListMediaFailure = 'permission-missing' | 'group-not-found';

/** The finished media of a group, in the pools that are assigned to it; none for a caller who sees the group only as an ancestor. */
export class ListMedia {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, group: GroupId): Promise<readonly ListedMedia[]> {
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      // Asked side by side, since nearly everybody who asks may see them.
      const [media, mayList] = await Promise.all([
        tx.media.listOf(group),
        mayListIn(tx, caller, 'velocity.media.list', group),
      ]);
      return mayList ? media : [];
    });
  }
}
