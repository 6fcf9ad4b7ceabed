import type { Caller } from '../../domain/access/caller.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { ViewUser } from './view-user.ts';

/**
 * Runs work on a user so that users that the caller does not see do not exist for it: a missing
 * permission on one of them fails with `user-not-found`. A caller sees the users that it may list
 * or view.
 */
export class ConcealUsers {
  readonly #work: UnitOfWork;
  readonly #viewUser: ViewUser;

  constructor(work: UnitOfWork, viewUser: ViewUser) {
    this.#work = work;
    this.#viewUser = viewUser;
  }

  async run<T>(caller: Caller, user: UserId, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isFailure(error, 'permission-missing')) throw error;
      throw (await this.#sees(caller, user)) ? error : new DomainError('user-not-found');
    }
  }

  async #sees(caller: Caller, user: UserId): Promise<boolean> {
    const isListed = await this.#work
      .onBehalfOf(caller)
      .read(async (tx) => (await tx.grants.holdsAnywhere(caller.id, 'velocity.user.list')) && tx.users.find(user));
    if (isListed !== false && isListed !== null) return true;
    try {
      (await this.#viewUser.run(caller, user)).memberships.rest?.end();
      return true;
    } catch (error) {
      if (isFailure(error, 'permission-missing') || isFailure(error, 'user-not-found')) return false;
      throw error;
    }
  }
}
