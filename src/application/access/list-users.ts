import type { Caller } from '../../domain/access/caller.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { User } from '../ports/user-repository.ts';
import { requirePermissionAnywhere } from './require-permission.ts';

export type ListUsersFailure = 'permission-missing';

/** Every user, by ascending id. */
export class ListUsers {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller): Promise<readonly User[]> {
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      await requirePermissionAnywhere(tx, caller, 'velocity.user.list');
      return tx.users.list();
    });
  }
}
