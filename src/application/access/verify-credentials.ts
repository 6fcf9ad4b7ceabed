import { networkOf } from '../../domain/access/network.ts';
import { isUserName } from '../../domain/access/user-name.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { LoginLimit, LoginPair } from '../ports/login-limit.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Credential } from '../ports/user-repository.ts';

export type VerifyCredentialsFailure = 'wrong-credentials' | 'too-many-logins';

/** What a caller shows to prove who it is. */
export interface SentCredentials {
  readonly name: string;
  readonly password: string;
  /**
   * The normalised address of the caller, as far as that can be believed; null where it is gone.
   */
  readonly address: string | null;
}

/**
 * Finds out whether a password is that of a user, whatever is done with the answer, and counts the
 * failures.
 */
export class VerifyCredentials {
  readonly #work: UnitOfWork;
  readonly #limit: LoginLimit;
  readonly #hasher: PasswordHasher;

  constructor(work: UnitOfWork, limit: LoginLimit, hasher: PasswordHasher) {
    this.#work = work;
    this.#limit = limit;
    this.#hasher = hasher;
  }

  /**
   * Fails with `too-many-logins` beyond the limit, whatever the password. To be asked before
   * anything that remembers passwords.
   */
  async admit(credentials: SentCredentials): Promise<void> {
    await this.#limit.admit(pairOf(credentials));
  }

  /**
   * The user's row as it is now, in one indexed query; null without one. The database is not asked
   * for names that it can't hold.
   */
  async find(name: string): Promise<Credential | null> {
    return isUserName(name) ? this.#work.read(async (tx) => tx.users.findCredential(name)) : null;
  }

  /**
   * Answers what `accept` makes of the right credential; null from it means that the credential is
   * right no longer. A wrong name and a wrong password fail alike, after the same work
   * (docs/velocity.md#logging-in).
   */
  async run<T>(credentials: SentCredentials, accept: (credential: Credential) => Promise<T | null>): Promise<T> {
    const pair = pairOf(credentials);
    await this.#limit.admit(pair);
    const credential = await this.find(credentials.name);
    const matches = await this.#hasher.verify(
      { name: pair.name, password: credentials.password, passwordHash: credential?.passwordHash ?? null },
      { name: pair.network, isKnown: await this.#limit.knows(pair) },
    );
    // Asked again, since guesses that were under way side by side had all been admitted before the
    // first of them was counted.
    await this.#limit.admit(pair);

    const accepted = credential !== null && matches ? await accept(credential) : null;
    if (accepted === null) {
      await this.#limit.failed(pair);
      throw new DomainError('wrong-credentials');
    }
    await this.#limit.succeeded(pair);
    return accepted;
  }
}

function pairOf({ name, address }: SentCredentials): LoginPair {
  return { name: name.normalize('NFC'), network: networkOf(address ?? '') };
}
