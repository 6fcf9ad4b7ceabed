import type { Caller } from '../../domain/access/caller.ts';
import { grantsPermission } from '../../domain/access/grant.ts';
import { findPermission, type Permission } from '../../domain/access/permission.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP, ROOT_USER, type GroupId, type UserId } from '../../domain/shared/ids.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { detachUnentitled } from './detach-unentitled.ts';
import { requirePermission } from './require-permission.ts';

export type RevokePermissionFailure =
  | 'permission-missing'
  | 'user-not-found'
  | 'group-not-found'
  | 'permission-not-found'
  | 'permission-above-own'
  | 'protected';

export interface RevokePermissionOrder {
  readonly user: UserId;
  readonly group: GroupId;
  /**
   * The name of the permission, as the client sent it; null for all that the user holds directly on
   * the group.
   */
  readonly permission: string | null;
}

/**
 * Revokes permissions that a user holds directly on a group. Does nothing for one that the user
 * does not hold.
 */
export class RevokePermission {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** Revokes all of them, or none if the caller does not hold one of them. */
  async run(caller: Caller, order: RevokePermissionOrder): Promise<void> {
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      const group = await tx.groups.lockShared(order.group);
      await requirePermission(tx, caller, 'velocity.user.revoke', group);
      if ((await tx.users.lockShared(order.user)) === null) throw new DomainError('user-not-found');
      if (group === null) throw new DomainError('group-not-found');
      const permissions = await permissionsToRevoke(tx, order);
      // Root keeps its permissions on the root group (docs/velocity.md#the-root-group).
      if (order.user === ROOT_USER && group.id === ROOT_GROUP) throw new DomainError('protected');

      const own = await tx.grants.ofUser(caller.id);
      for (const permission of permissions) {
        if (!grantsPermission(own, permission, group.path))
          throw new DomainError('permission-above-own', { permission });
        await tx.grants.revoke({ user: order.user, group: group.id, permission });
      }
      const { user } = order;
      const detached = await detachUnentitled(tx, { user, group: group.id });
      await tx.audit.record(
        caller,
        { action: 'permission.take', user, group: group.id, details: { permissions } },
        ...detached,
      );
    });
  }
}

async function permissionsToRevoke(
  tx: Transaction,
  { user, group, permission }: RevokePermissionOrder,
): Promise<readonly Permission[]> {
  if (permission === null) {
    const grants = await tx.grants.ofUser(user);
    return grants.filter((grant) => grant.group === group).map((grant) => grant.permission);
  }
  const facts = findPermission(permission);
  if (facts === null) throw new DomainError('permission-not-found');
  return [facts.name];
}
