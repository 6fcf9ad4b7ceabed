import type { Caller } from '../../domain/access/caller.ts';
import { membershipsIn, type Membership } from '../../domain/access/membership.ts';
import { mayViewUser } from '../../domain/access/user-rules.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { User } from '../ports/user-repository.ts';

export type ViewUserFailure = 'permission-missing' | 'user-not-found';

export interface UserView {
  readonly user: User;
  /** The groups that the user holds anything on and their ancestors, the root first and every group after its parent. */
  readonly memberships: readonly Membership[];
}

/** Shows a user with all memberships: to the user, and to those who may view users on one of the groups that this one is in. */
export class ViewUser {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** `wanted` is null for the caller's own view. */
  async run(caller: Caller, wanted: UserId | null): Promise<UserView> {
    const id = wanted ?? caller.id;
    return this.#work.read(async (tx) => {
      const user = await tx.users.find(id);
      const memberships = membershipsIn(await tx.groups.listWithAncestors(id), await tx.grants.ofUser(id));
      if (id !== caller.id) {
        const groups = memberships.filter(({ permissions }) => permissions.length > 0).map(({ group }) => group);
        if (!mayViewUser(await tx.grants.ofUser(caller.id), groups)) {
          throw new DomainError('permission-missing', { permission: 'velocity.user.view' });
        }
      }
      if (user === null) throw new DomainError('user-not-found');
      return { user, memberships };
    });
  }
}
