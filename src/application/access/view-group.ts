import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import { factsOf, grantsBy } from '../../domain/access/membership.ts';
import type { PermissionFacts } from '../../domain/access/permission.ts';
import type { GroupId, UserId } from '../../domain/shared/ids.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { WholeList } from '../../domain/shared/page.ts';
import type { LongLists } from '../lists/long-lists.ts';
import { readWhole } from '../lists/read-in-batches.ts';
import type { NamedGrant } from '../ports/grant-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { requireGroup } from './require-permission.ts';

export type ViewGroupFailure = 'permission-missing' | 'group-not-found';

/** A user and the permissions that the user holds directly on one group. */
export interface Member {
  readonly user: UserId;
  readonly name: string;
  readonly permissions: readonly PermissionFacts[];
}

export interface GroupView {
  readonly group: Group;
  /** The users who hold any permission directly on it, by ascending user id. */
  readonly members: WholeList<Member>;
}

/** Shows a group and its members. */
export class ViewGroup {
  readonly #work: UnitOfWork;
  readonly #lists: LongLists;

  constructor(work: UnitOfWork, lists: LongLists) {
    this.#work = work;
    this.#lists = lists;
  }

  async run(caller: Caller, id: GroupId): Promise<GroupView> {
    const work = this.#work.onBehalfOf(caller);
    const found: { group?: Group } = {};
    const members = await readWhole<Member, UserId>(this.#lists, caller, async (after) =>
      work.read(async (tx) => {
        found.group = await requireGroup(tx, caller, 'velocity.group.view', id);
        const { items, last } = await tx.grants.onGroup(found.group.id, after);
        return { items: membersBy(items), last };
      }),
    );
    if (found.group === undefined) throw new DomainError('group-not-found');
    return { group: found.group, members };
  }
}

function membersBy(grants: readonly NamedGrant[]): readonly Member[] {
  return [...grantsBy(grants, (grant) => grant.user)].map(([user, ofUser]) => ({
    user,
    name: ofUser[0]?.userName ?? '',
    permissions: factsOf(ofUser),
  }));
}
