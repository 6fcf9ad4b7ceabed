import { reaches } from '../../domain/access/api-token.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { mayRemoveUser } from '../../domain/access/user-rules.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP, ROOT_USER, type UserId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type RemoveUserFailure = 'permission-missing' | 'user-not-found' | 'protected';

/** Removes a user with all grants and authkeys. Media items stay with their groups. */
export class RemoveUser {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, id: UserId): Promise<void> {
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      // Locked first, so that the home group cannot change after the check.
      const credential = await tx.users.lock(id);
      const isCreator = credential?.user.createdBy === caller.uuid && reaches(caller, [ROOT_GROUP]);
      const home = await tx.groups.homeOf(id);
      const mayRemove =
        reaches(caller, home?.path ?? [ROOT_GROUP]) && mayRemoveUser(await tx.grants.ofUser(caller.id), home);
      if (!isCreator && !mayRemove) {
        throw new DomainError('permission-missing', { permission: 'velocity.user.remove' });
      }
      if (credential === null) throw new DomainError('user-not-found');
      if (id === ROOT_USER) throw new DomainError('protected');
      await tx.audit.record(caller, { action: 'user.remove', user: id });
      await tx.users.remove(id);
    });
  }
}
