import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP, type GroupId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { requirePermission } from './require-permission.ts';

export type RenameGroupFailure =
  'name-invalid' | 'permission-missing' | 'group-not-found' | 'group-name-taken' | 'protected';

export interface RenameGroupOrder {
  readonly group: GroupId;
  readonly name: string;
  /** Throws unless the group is as the caller knows it; null for any. */
  readonly precondition: ((group: Group) => void) | null;
}

/** Renames a group. Needs the permission to create it: `velocity.group.create` on its parent. */
export class RenameGroup {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, { group: id, name: wanted, precondition }: RenameGroupOrder): Promise<Group> {
    const name = requireName(wanted);
    return this.#work.onBehalfOf(caller).run(async (tx) => {
      const found = await tx.groups.find(id);
      const parent = found && (await tx.groups.lockShared(found.parentId));
      await requirePermission(tx, caller, 'velocity.group.create', parent);
      const group = parent && (await tx.groups.lock(id));
      if (group === null) throw new DomainError('group-not-found');
      if (id === ROOT_GROUP) throw new DomainError('protected');
      precondition?.(group);
      await tx.groups.rename(id, name);
      await tx.audit.record(caller, { action: 'group.edit', group: id, details: { name } });
      return { ...group, name };
    });
  }
}
