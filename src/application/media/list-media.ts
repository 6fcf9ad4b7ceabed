import type { Caller } from '../../domain/access/caller.ts';
import type { ListedMedia } from '../../domain/media/media.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId } from '../../domain/shared/ids.ts';
import { requirePermission } from '../access/require-permission.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type ListMediaFailure = 'permission-missing' | 'group-not-found';

/** The finished media of a group, in the pools that are assigned to it. */
export class ListMedia {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, group: GroupId): Promise<readonly ListedMedia[]> {
    return this.#work.read(async (tx) => {
      const found = await tx.groups.find(group);
      await requirePermission(tx, caller, 'velocity.media.list', found);
      if (found === null) throw new DomainError('group-not-found');
      return tx.media.listOf(found.id);
    });
  }
}
