import { reaches } from '../../domain/access/api-token.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { UserSort } from '../../domain/access/user-sort.ts';
import type { GroupId } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { Grantee } from '../ports/grant-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { requireGroup } from './require-permission.ts';

export type ListGrantsFailure = 'permission-missing' | 'group-not-found';

const PERMISSION = 'velocity.group.view';

/**
 * Lists the users who hold a permission on a group, directly or by a group above it. Groups above
 * whose members the caller may not view count as if they had none.
 */
export class ListGrants {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, id: GroupId, terms: KeysetTerms<UserSort>): Promise<KeysetPage<Grantee>> {
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      const { path } = await requireGroup(tx, caller, PERMISSION, id);
      const own = await tx.grants.onGroups(caller.id, path);
      const viewing = new Set(own.filter(({ permission }) => permission === PERMISSION).map(({ group }) => group));
      const top = path.findIndex((group) => viewing.has(group));
      const viewed = path.filter((_group, at) => at >= top && reaches(caller, path.slice(0, at + 1)));
      return tx.grants.granteesPage(viewed, terms);
    });
  }
}
