import type { Caller } from '../../domain/access/caller.ts';
import type { UserSort } from '../../domain/access/user-sort.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { User } from '../ports/user-repository.ts';
import { requirePermissionAnywhere } from './require-permission.ts';

export type ListUsersByPageFailure = 'permission-missing';

/** Lists all users, page by page. */
export class ListUsersByPage {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, terms: KeysetTerms<UserSort>): Promise<KeysetPage<User>> {
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      await requirePermissionAnywhere(tx, caller, 'velocity.user.list');
      return tx.users.page(terms);
    });
  }
}
