import type { Caller } from '../../domain/access/caller.ts';
import { membershipsIn, type Membership } from '../../domain/access/membership.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/**
 * The groups that the caller holds anything on, all below them, and the ancestors needed to draw the tree: the root first and every
 * group after its parent.
 */
export class ListGroups {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller): Promise<readonly Membership[]> {
    return this.#work
      .onBehalfOf(caller)
      .read(async (tx) =>
        membershipsIn(...(await Promise.all([tx.groups.listVisible(caller.id), tx.grants.ofUser(caller.id)]))),
      );
  }
}
