import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import type { GroupSort } from '../../domain/access/group-sort.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type BrowseGroupsFailure = 'group-not-found';

/**
 * Shows the groups that the caller sees: those on which it holds a grant, all groups below them,
 * and their ancestors.
 */
export class BrowseGroups {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** Returns a page of the children of a group, or of all groups for null. */
  async page(caller: Caller, parent: GroupId | null, terms: KeysetTerms<GroupSort>): Promise<KeysetPage<Group>> {
    return this.#work.onBehalfOf(caller).read(async (tx) => tx.groups.visiblePage(caller.id, parent, terms));
  }

  async view(caller: Caller, id: GroupId): Promise<Group> {
    const group = await this.#work.onBehalfOf(caller).read(async (tx) => tx.groups.findVisible(caller.id, id));
    if (group === null) throw new DomainError('group-not-found');
    return group;
  }
}
