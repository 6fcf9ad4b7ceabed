import type { Caller } from '../../domain/access/caller.ts';
import { membershipsIn, type Membership } from '../../domain/access/membership.ts';
import type { WholeList } from '../../domain/shared/page.ts';
import type { LongLists } from '../lists/long-lists.ts';
import { readWhole } from '../lists/read-in-batches.ts';
import type { GroupCursor } from '../ports/group-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/**
 * Lists the groups on which the caller holds any permission, all groups below them, and the
 * ancestors needed to draw the tree: the root first and every group after its parent.
 */
export class ListGroups {
  readonly #work: UnitOfWork;
  readonly #lists: LongLists;

  constructor(work: UnitOfWork, lists: LongLists) {
    this.#work = work;
    this.#lists = lists;
  }

  async run(caller: Caller): Promise<WholeList<Membership>> {
    const work = this.#work.onBehalfOf(caller);
    return readWhole<Membership, GroupCursor>(this.#lists, caller, async (after) =>
      work.read(async (tx) => {
        const { items, last } = await tx.groups.listVisible(caller.id, after);
        const grants = await tx.grants.onGroups(
          caller.id,
          items.map(({ id }) => id),
        );
        return { items: membershipsIn(items, grants), last };
      }),
    );
  }
}
