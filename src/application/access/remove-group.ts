import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP, type GroupId } from '../../domain/shared/ids.ts';
import type { Removals } from '../ports/removals.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { requirePermission } from './require-permission.ts';

export type RemoveGroupFailure = 'permission-missing' | 'group-not-found' | 'protected' | 'group-protected';

/** The number of protected items that the error names. */
const MAX_NAMED = 20;

/** Removes a group, all groups below it and their media items, and stops uploads into them. */
export class RemoveGroup {
  readonly #work: UnitOfWork;
  readonly #removals: Removals;

  constructor(work: UnitOfWork, removals: Removals) {
    this.#work = work;
    this.#removals = removals;
  }

  /** `precondition` throws unless the group is as the caller knows it. */
  async run(caller: Caller, id: GroupId, precondition?: ((group: Group) => void) | null): Promise<void> {
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      const group = await tx.groups.find(id);
      const parent = group && (await tx.groups.find(group.parentId));
      await requirePermission(tx, caller, 'velocity.group.remove', parent);
      if (group === null || parent === null) throw new DomainError('group-not-found');
      if (group.id === ROOT_GROUP) throw new DomainError('protected');
      await removeTree(tx, caller, group, parent, precondition ?? null);
    });
    this.#removals.wake();
  }
}

async function removeTree(
  tx: Transaction,
  caller: Caller,
  group: Group,
  parent: Group,
  precondition: ((group: Group) => void) | null,
): Promise<void> {
  const groups = await tx.groups.lockTree(group.id);
  if (groups.length === 0) throw new DomainError('group-not-found');
  if (precondition !== null) precondition((await tx.groups.find(group.id)) ?? group);
  // The lock on the groups keeps their items from becoming protected.
  const found = await tx.protections.ofGroups(groups, MAX_NAMED);
  if (found.count > 0) throw new DomainError('group-protected', found);
  const media = await tx.media.beginRemovalOf(groups);
  await tx.audit.record(caller, { action: 'group.remove', group: group.id, details: { groups: groups.length, media } });
  // Read after the items are locked: the usage of the tree cannot change any more.
  for (const { pool, used, items } of await tx.usage.ofPathInAllPools([group.id])) {
    if (used > 0 || items !== 0) await tx.usage.refund(parent.path, pool, used, items);
  }
  await tx.groups.remove(groups);
}
