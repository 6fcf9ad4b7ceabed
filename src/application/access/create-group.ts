import type { Caller } from '../../domain/access/caller.ts';
import { requireDepthBelow, type Group } from '../../domain/access/group.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import type { KeepAnswer } from './keep-answer.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { requirePermission } from './require-permission.ts';

export type CreateGroupFailure =
  'name-invalid' | 'permission-missing' | 'group-not-found' | 'groups-too-deep' | 'group-name-taken';

export interface CreateGroupOrder {
  readonly name: string;
  readonly parent: GroupId;
}

/** Creates a group below another one, without members. */
export class CreateGroup {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, order: CreateGroupOrder, keep?: KeepAnswer<Group>): Promise<Group> {
    const name = requireName(order.name);
    return this.#work.onBehalfOf(caller).run(async (tx) => {
      const parent = await tx.groups.lockShared(order.parent);
      await requirePermission(tx, caller, 'velocity.group.create', parent);
      if (parent === null) throw new DomainError('group-not-found');
      requireDepthBelow(parent);
      const group = await tx.groups.insert(parent, name);
      await tx.audit.record(caller, { action: 'group.create', group: group.id, details: { parent: parent.id } });
      await keep?.(tx, group);
      return group;
    });
  }
}
