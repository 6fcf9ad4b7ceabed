import type { Caller } from '../../domain/access/caller.ts';
import { membershipsIn, type Membership } from '../../domain/access/membership.ts';
import type { Group } from '../../domain/access/group.ts';
import { mayViewUser, seesMembersOf, visibleMemberships } from '../../domain/access/user-rules.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { User } from '../ports/user-repository.ts';

export type ViewUserFailure = 'permission-missing' | 'user-not-found';

export interface UserView {
  readonly user: User;
  /** The groups that the user holds anything on and their ancestors, the root first and every group after its parent. */
  readonly memberships: readonly Membership[];
  /** Null where there is none, or where the caller does not see it. */
  readonly home: Group | null;
}

/**
 * Shows a user: to the user, to its creator, and to those who may view users on one of the groups that this one is in. All but the user
 * see only the memberships in groups on which they may view users, so that a grant shows its giver no other group of the user.
 */
export class ViewUser {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** `wanted` is null for the caller's own view. */
  async run(caller: Caller, wanted: UserId | null): Promise<UserView> {
    const id = wanted ?? caller.id;
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      const user = await tx.users.find(id);
      const memberships = membershipsIn(await tx.groups.listWithAncestors(id), await tx.grants.ofUser(id));
      const home = await tx.groups.homeOf(id);
      if (id === caller.id) {
        if (user === null) throw new DomainError('user-not-found');
        return { user, memberships, home };
      }
      const own = await tx.grants.ofUser(caller.id);
      const groups = memberships.filter(({ permissions }) => permissions.length > 0).map(({ group }) => group);
      if (user?.createdBy !== caller.uuid && !mayViewUser(own, groups)) {
        throw new DomainError('permission-missing', { permission: 'velocity.user.view' });
      }
      if (user === null) throw new DomainError('user-not-found');
      const visibleHome = home !== null && seesMembersOf(own, home) ? home : null;
      return { user, memberships: visibleMemberships(own, memberships), home: visibleHome };
    });
  }
}
