import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import { membershipsIn, type Membership } from '../../domain/access/membership.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP, type UserId } from '../../domain/shared/ids.ts';
import type { WholeList } from '../../domain/shared/page.ts';
import type { LongLists } from '../lists/long-lists.ts';
import { readWhole } from '../lists/read-in-batches.ts';
import type { GroupCursor } from '../ports/group-repository.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { User } from '../ports/user-repository.ts';

export type ViewUserFailure = 'permission-missing' | 'user-not-found';

export interface UserView {
  readonly user: User;
  /**
   * The groups on which the user holds any permission, and their ancestors: the root first and
   * every group after its parent.
   */
  readonly memberships: WholeList<Membership>;
  /** Null if there is none, or the caller may not see it. */
  readonly home: Group | null;
}

/**
 * Shows a user: to the user, to its creator, and to callers who may view users on one of the user's
 * groups. All but the user see only memberships in groups on which they may view users, so that a
 * grant reveals no other group of the user.
 */
export class ViewUser {
  readonly #work: UnitOfWork;
  readonly #lists: LongLists;

  constructor(work: UnitOfWork, lists: LongLists) {
    this.#work = work;
    this.#lists = lists;
  }

  /** `wanted` is null for the caller. */
  async run(caller: Caller, wanted: UserId | null): Promise<UserView> {
    const id = wanted ?? caller.id;
    const viewer = id === caller.id ? null : caller.id;
    const work = this.#work.onBehalfOf(caller);
    const found: { user?: Omit<UserView, 'memberships'> } = {};
    const memberships = await readWhole<Membership, GroupCursor>(this.#lists, caller, async (after) =>
      work.read(async (tx) => {
        const { items, last } = await tx.groups.listMemberships(id, viewer, after);
        if (after === null) found.user = await findVisible(tx, caller, id, items.length > 0);
        const groups = items.map((group) => group.id);
        return { items: membershipsIn(items, await tx.grants.onGroups(id, groups, viewer)), last };
      }),
    );
    if (found.user === undefined) throw new DomainError('user-not-found');
    return { ...found.user, memberships };
  }
}

/**
 * Finds a user and its home group, as the caller sees them. `isMember`: whether the caller sees any
 * membership.
 */
async function findVisible(
  tx: Transaction,
  caller: Caller,
  id: UserId,
  isMember: boolean,
): Promise<Omit<UserView, 'memberships'>> {
  const user = await tx.users.find(id);
  const isKnown = id === caller.id || user?.createdBy === caller.uuid || isMember;
  // On the root the permission shows every user, also users without a group and unknown ids
  // (docs/velocity.md#who-sees-and-removes-a-user).
  if (!isKnown && !(await tx.grants.holds(caller.id, 'velocity.user.view', [ROOT_GROUP]))) {
    throw new DomainError('permission-missing', { permission: 'velocity.user.view' });
  }
  if (user === null) throw new DomainError('user-not-found');
  const home = await tx.groups.homeOf(id);
  const isHomeSeen =
    id === caller.id || (home !== null && (await tx.grants.holds(caller.id, 'velocity.user.view', home.path)));
  return { user, home: isHomeSeen ? home : null };
}
