import type { Caller } from '../../domain/access/caller.ts';
import type { UserSort } from '../../domain/access/user-sort.ts';
import type { GroupId } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { Holder } from '../ports/grant-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { requireGroup } from './require-permission.ts';

export type ListMembersFailure = 'permission-missing' | 'group-not-found';

/** Lists the users who hold a permission directly on a group. */
export class ListMembers {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, id: GroupId, terms: KeysetTerms<UserSort>): Promise<KeysetPage<Holder>> {
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      await requireGroup(tx, caller, 'velocity.group.view', id);
      return tx.grants.membersPage(id, terms);
    });
  }
}
