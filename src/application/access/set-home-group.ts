import { reaches } from '../../domain/access/api-token.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP, ROOT_USER, type GroupId, type UserId } from '../../domain/shared/ids.ts';
import type { User } from '../ports/user-repository.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { requirePermission } from './require-permission.ts';

export type SetHomeGroupFailure =
  'permission-missing' | 'home-group-forbidden' | 'protected' | 'user-not-found' | 'group-not-found';

export interface SetHomeGroupOrder {
  /** Null for the caller. */
  readonly user: UserId | null;
  readonly group: GroupId;
}

/**
 * Sets the home group of a user. Permitted for the user, its creator, and holders of
 * `velocity.user.assign` on the root.
 */
export class SetHomeGroup {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /**
   * Returns the id of the user. Idempotent. The user must hold `velocity.media.create` on the
   * group.
   */
  async run(caller: Caller, order: SetHomeGroupOrder): Promise<UserId> {
    const id = order.user ?? caller.id;
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      const group = await tx.groups.lockShared(order.group);
      const user = (await tx.users.lockShared(id))?.user ?? null;
      await requireRightToSet(tx, caller, id, user);
      if (user === null) throw new DomainError('user-not-found');
      if (id === ROOT_USER && order.group !== ROOT_GROUP) throw new DomainError('protected');
      // A group that does not exist is judged as the root, so that ids cannot be probed.
      if (!(await tx.grants.holds(id, 'velocity.media.create', group?.path ?? [ROOT_GROUP]))) {
        throw new DomainError('home-group-forbidden');
      }
      if (group === null) throw new DomainError('group-not-found');
      await tx.users.setHome(id, group.id);
      await tx.audit.record(caller, { action: 'user.home', user: id, group: group.id });
    });
    return id;
  }
}

async function requireRightToSet(tx: Transaction, caller: Caller, id: UserId, user: User | null): Promise<void> {
  if (id === caller.id || (user?.createdBy === caller.uuid && reaches(caller, [ROOT_GROUP]))) return;
  await requirePermission(tx, caller, 'velocity.user.assign', null);
}
