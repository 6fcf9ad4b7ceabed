import type { Caller } from '../../domain/access/caller.ts';
import { requireWithin, type MaxPossessions } from '../../domain/access/possessions.ts';
import { requirePassword } from '../../domain/access/password.ts';
import { requireUserName } from '../../domain/access/user-name.ts';
import { ROOT_GROUP } from '../../domain/shared/ids.ts';
import type { KeepAnswer } from './keep-answer.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { User } from '../ports/user-repository.ts';
import { requirePermissionAnywhere } from './require-permission.ts';

export type CreateUserFailure =
  'name-invalid' | 'password-invalid' | 'permission-missing' | 'user-name-taken' | 'too-many-possessions';

export interface CreateUserOrder {
  readonly name: string;
  readonly password: string;
}

/** Creates a user, who is in no group yet. */
export class CreateUser {
  readonly #work: UnitOfWork;
  readonly #hasher: PasswordHasher;
  readonly #max: MaxPossessions;

  constructor(work: UnitOfWork, hasher: PasswordHasher, max: MaxPossessions) {
    this.#max = max;
    this.#work = work;
    this.#hasher = hasher;
  }

  async run(caller: Caller, order: CreateUserOrder, keep?: KeepAnswer<User>): Promise<User> {
    const name = requireUserName(order.name);
    const password = requirePassword(order.password);
    // Checked before hashing, so that only permitted callers cause that work. Hashing takes long
    // and must not happen in the transaction that stores the user.
    await this.#work
      .onBehalfOf(caller)
      .run(async (tx) => requirePermissionAnywhere(tx, caller, 'velocity.user.create'));
    const passwordHash = await this.#hasher.hash(password, { name: `user ${caller.id}`, isKnown: true });
    return this.#work.onBehalfOf(caller).run(async (tx) => {
      // Operators have no limit on the users that they create.
      const isOperator = await tx.grants.holds(caller.id, 'velocity.user.assign', [ROOT_GROUP]);
      const from = isOperator ? null : await tx.users.countFromOrigin(caller);
      if (from !== null) requireWithin(this.#max, 'users', from.count, 1);
      const user = await tx.users.insert(name, passwordHash, caller.uuid, from?.origin);
      await tx.audit.record(caller, { action: 'user.create', user: user.id });
      await keep?.(tx, user);
      return user;
    });
  }
}
