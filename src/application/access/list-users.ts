import type { Caller } from '../../domain/access/caller.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { WholeList } from '../../domain/shared/page.ts';
import type { LongLists } from '../lists/long-lists.ts';
import { readWhole } from '../lists/read-in-batches.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { User } from '../ports/user-repository.ts';
import { requirePermissionAnywhere } from './require-permission.ts';

export type ListUsersFailure = 'permission-missing';

/** Lists all users, by ascending id. */
export class ListUsers {
  readonly #work: UnitOfWork;
  readonly #lists: LongLists;

  constructor(work: UnitOfWork, lists: LongLists) {
    this.#work = work;
    this.#lists = lists;
  }

  async run(caller: Caller): Promise<WholeList<User>> {
    const work = this.#work.onBehalfOf(caller);
    return readWhole<User, UserId>(this.#lists, caller, async (after) =>
      work.read(async (tx) => {
        await requirePermissionAnywhere(tx, caller, 'velocity.user.list');
        return tx.users.list(after);
      }),
    );
  }
}
