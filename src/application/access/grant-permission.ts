import type { Caller } from '../../domain/access/caller.ts';
import { findPermission } from '../../domain/access/permission.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId, UserId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { mayAssignEverywhere, requirePermission } from './require-permission.ts';

export type GrantPermissionFailure =
  'permission-missing' | 'user-not-found' | 'group-not-found' | 'permission-not-found' | 'permission-above-own';

export interface GrantPermissionOrder {
  readonly user: UserId;
  readonly group: GroupId;
  /** The name of the permission, as the client sent it. */
  readonly permission: string;
}

/** Grants a user a permission on a group. The caller must hold the permission there. Idempotent. */
export class GrantPermission {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, order: GrantPermissionOrder): Promise<void> {
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      const group = await tx.groups.lockShared(order.group);
      await requirePermission(tx, caller, 'velocity.user.assign', group);
      const user = (await tx.users.lockShared(order.user))?.user;
      if (user === undefined) throw new DomainError('user-not-found');
      if (group === null) throw new DomainError('group-not-found');
      const permission = findPermission(order.permission)?.name;
      if (permission === undefined) throw new DomainError('permission-not-found');

      const own = await tx.grants.holds(caller.id, permission, group.path);
      if (!own) throw new DomainError('permission-above-own', { permission });
      const decidesHome = user.createdBy === caller.uuid || (await mayAssignEverywhere(tx, caller));
      await tx.grants.grant({ user: user.id, group: group.id, permission }, { user: caller.uuid, decidesHome });
      const subjects = { user: user.id, group: group.id };
      await tx.audit.record(caller, { action: 'permission.give', ...subjects, details: { permission } });
    });
  }
}
