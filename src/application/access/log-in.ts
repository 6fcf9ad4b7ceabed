import { isUserName } from '../../domain/access/user-name.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { LoginLimit } from '../ports/login-limit.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Credential } from '../ports/user-repository.ts';
import { issueAuthkey, type IssuedAuthkey } from './issue-authkey.ts';

export type LogInFailure = 'wrong-credentials' | 'too-many-logins';

export interface LogInOrder {
  readonly name: string;
  readonly password: string;
  /** Where the caller sits, as far as that can be believed. */
  readonly address: string;
}

/** Gives whoever knows a user's password an authkey. */
export class LogIn {
  readonly #work: UnitOfWork;
  readonly #limit: LoginLimit;
  readonly #hasher: PasswordHasher;
  readonly #random: Random;
  readonly #lifetimeSeconds: number;

  constructor(
    work: UnitOfWork,
    limit: LoginLimit,
    hasher: PasswordHasher,
    random: Random,
    /** How long an authkey lives. */
    lifetimeSeconds: number,
  ) {
    this.#work = work;
    this.#limit = limit;
    this.#hasher = hasher;
    this.#random = random;
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** A wrong name and a wrong password fail alike, after the same work (velocity.md, "Who is calling"). */
  async run({ name, password, address }: LogInOrder): Promise<IssuedAuthkey> {
    await this.#limit.admit(name, address);
    const credential = await this.#find(name);
    const matches = await this.#hasher.verify(credential?.passwordHash ?? null, password);
    // Asked again, since guesses that were under way side by side had all been admitted before the first of them was counted.
    await this.#limit.admit(name, address);

    const issued = credential !== null && matches ? await this.#issue(credential) : null;
    if (issued === null) {
      await this.#limit.failed(name, address);
      throw new DomainError('wrong-credentials');
    }
    await this.#limit.succeeded(name, address);
    return issued;
  }

  /** The database is not asked for names that it can't hold. */
  async #find(name: string): Promise<Credential | null> {
    return isUserName(name) ? this.#work.run(async (tx) => tx.users.findCredential(name)) : null;
  }

  /** Null when the user was removed, or the password changed, while it was being verified. */
  async #issue({ user, passwordHash }: Credential): Promise<IssuedAuthkey | null> {
    return this.#work.run(async (tx) => {
      const kept = await tx.users.keep(user.id);
      if (kept?.passwordHash !== passwordHash) return null;
      return issueAuthkey(tx, this.#random, user.id, this.#lifetimeSeconds);
    });
  }
}
