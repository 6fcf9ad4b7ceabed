import type { Caller } from '../../domain/access/caller.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { GroupId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/**
 * Runs work on a group so that groups that the caller does not see do not exist for it: a missing
 * permission on one of them fails with `group-not-found`. A caller sees the groups on which it
 * holds a grant, those below them, and their ancestors.
 */
export class ConcealGroups {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run<T>(caller: Caller, group: GroupId, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isFailure(error, 'permission-missing') && !isFailure(error, 'group-not-found')) throw error;
      const seen = await this.#work.onBehalfOf(caller).read(async (tx) => tx.groups.findVisible(caller.id, group));
      throw seen === null ? new DomainError('group-not-found') : error;
    }
  }
}
