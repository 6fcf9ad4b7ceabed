import { requirePassword } from '../../domain/access/password.ts';
import { SYSTEM } from '../../domain/audit/audit-event.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** The hasher gives operators priority over callers of the service. */
const BY_OPERATOR = { name: 'operator', isKnown: true };

export type ChangePasswordFailure = 'password-invalid' | 'user-not-found';

export interface ChangePasswordOrder {
  readonly name: string;
  readonly password: string;
}

/**
 * Changes the password of a user and ends all sessions and authkeys of the user; API tokens stay.
 * For the operator: checks no permission.
 */
export class ChangePassword {
  readonly #work: UnitOfWork;
  readonly #hasher: PasswordHasher;

  constructor(work: UnitOfWork, hasher: PasswordHasher) {
    this.#work = work;
    this.#hasher = hasher;
  }

  async run(order: ChangePasswordOrder): Promise<void> {
    const passwordHash = await this.#hasher.hash(requirePassword(order.password), BY_OPERATOR);
    await this.#work.run(async (tx) => {
      const found = await tx.users.findCredential(order.name);
      const credential = found && (await tx.users.lock(found.user.id));
      if (credential === null) throw new DomainError('user-not-found');
      await tx.users.changePassword(credential.user.id, passwordHash);
      await tx.authkeys.removeOf(credential.user.id);
      await tx.loginSessions.removeOf(credential.user.id);
      await tx.audit.record(SYSTEM, { action: 'user.password', user: credential.user.id });
    });
  }
}
