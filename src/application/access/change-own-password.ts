import type { Caller } from '../../domain/access/caller.ts';
import { requirePassword } from '../../domain/access/password.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { VerifyCredentials, VerifyCredentialsFailure } from './verify-credentials.ts';

export type ChangeOwnPasswordFailure = VerifyCredentialsFailure | 'password-invalid';

export interface ChangeOwnPasswordOrder {
  readonly current: string;
  readonly next: string;
  /** The normalised address of the client; null if unknown. */
  readonly address: string | null;
}

/**
 * Changes the password of the caller, who sends the current one, and ends all its sessions and
 * authkeys. API tokens stay. Wrong current passwords count as failed logins.
 */
export class ChangeOwnPassword {
  readonly #work: UnitOfWork;
  readonly #verify: VerifyCredentials;
  readonly #hasher: PasswordHasher;

  constructor(work: UnitOfWork, verify: VerifyCredentials, hasher: PasswordHasher) {
    this.#work = work;
    this.#verify = verify;
    this.#hasher = hasher;
  }

  async run(caller: Caller, { current, next, address }: ChangeOwnPasswordOrder): Promise<void> {
    const password = requirePassword(next);
    const old = await this.#verify.run(
      { name: caller.name, password: current, address },
      async ({ user, passwordHash }) => Promise.resolve(user.id === caller.id ? passwordHash : null),
    );
    const passwordHash = await this.#hasher.hash(password, { name: `user ${caller.id}`, isKnown: true });
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      const locked = await tx.users.lock(caller.id);
      // It was removed, or its password changed, while the new one was hashed.
      if (locked?.passwordHash !== old) throw new DomainError('wrong-credentials');
      await tx.users.changePassword(caller.id, passwordHash);
      await tx.authkeys.removeOf(caller.id);
      await tx.loginSessions.removeOf(caller.id);
      await tx.audit.record(caller, { action: 'user.password', user: caller.id });
    });
  }
}
