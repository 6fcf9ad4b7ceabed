import type { Caller } from '../../domain/access/caller.ts';
import { mayRemoveUser } from '../../domain/access/user-rules.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_USER, type UserId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type RemoveUserFailure = 'permission-missing' | 'user-not-found' | 'protected';

/** Removes a user with grants and authkeys. Media stay with their groups. */
export class RemoveUser {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, id: UserId): Promise<void> {
    await this.#work.run(async (tx) => {
      // Locked first, so that nobody makes it a member of one more group after the check.
      const credential = await tx.users.lock(id);
      const memberOf = new Set((await tx.grants.ofUser(id)).map((grant) => grant.group));
      const groups = (await tx.groups.listWithAncestors(id)).filter((group) => memberOf.has(group.id));
      if (!mayRemoveUser(await tx.grants.ofUser(caller.id), groups)) {
        throw new DomainError('permission-missing', { permission: 'velocity.user.remove' });
      }
      if (credential === null) throw new DomainError('user-not-found');
      if (id === ROOT_USER) throw new DomainError('protected');
      await tx.audit.record(caller, { action: 'user.remove', user: id });
      await tx.users.remove(id);
    });
  }
}
