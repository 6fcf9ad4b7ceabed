import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import { factsOf, grantsBy } from '../../domain/access/membership.ts';
import type { PermissionFacts } from '../../domain/access/permission.ts';
import type { GroupId, UserId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { requireGroup } from './require-permission.ts';

export type ViewGroupFailure = 'permission-missing' | 'group-not-found';

/** A user with what they hold directly on one group. */
export interface Member {
  readonly user: UserId;
  readonly name: string;
  readonly permissions: readonly PermissionFacts[];
}

export interface GroupView {
  readonly group: Group;
  /** Who holds anything directly on it, by ascending user id. */
  readonly members: readonly Member[];
}

/** Shows a group and who its members are. */
export class ViewGroup {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, id: GroupId): Promise<GroupView> {
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      const group = await requireGroup(tx, caller, 'velocity.group.view', id);
      const byUser = grantsBy(await tx.grants.onGroup(group.id), (grant) => grant.user);
      const members = [...byUser].map(([user, grants]) => ({
        user,
        name: grants[0]?.userName ?? '',
        permissions: factsOf(grants),
      }));
      return { group, members };
    });
  }
}
