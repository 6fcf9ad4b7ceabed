import { networkOf } from '../../domain/access/network.ts';
import { isUserName } from '../../domain/access/user-name.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { LoginLimit, LoginPair } from '../ports/login-limit.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Credential } from '../ports/user-repository.ts';

export type VerifyCredentialsFailure = 'wrong-credentials' | 'too-many-logins';

/** The credentials of a request. */
export interface SentCredentials {
  readonly name: string;
  readonly password: string;
  /** The normalised address of the client; null if unknown. */
  readonly address: string | null;
}

/** Verifies passwords and counts failed attempts. */
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
   * Checks the login limit, before any cached verification is used.
   *
   * @throws `too-many-logins` beyond the limit, also for the right password
   */
  async admit(credentials: SentCredentials): Promise<void> {
    await this.#limit.admit(pairOf(credentials));
  }

  /**
   * Returns the user's current row, by one indexed query; null if there is none. Does not query for
   * names that cannot exist.
   */
  async find(name: string): Promise<Credential | null> {
    return isUserName(name) ? this.#work.read(async (tx) => tx.users.findCredential(name)) : null;
  }

  /**
   * Returns the result of `accept` for the right credential; `accept` returns null if the
   * credential has become invalid. A wrong name and a wrong password fail alike, after the same
   * work (docs/velocity.md#logging-in).
   *
   * @throws `wrong-credentials` or `too-many-logins`
   */
  async run<T>(credentials: SentCredentials, accept: (credential: Credential) => Promise<T | null>): Promise<T> {
    const pair = pairOf(credentials);
    await this.#limit.admit(pair);
    const credential = await this.find(credentials.name);
    const matches = await this.#hasher.verify(
      { name: pair.name, password: credentials.password, passwordHash: credential?.passwordHash ?? null },
      { name: pair.network, isKnown: await this.#limit.knows(pair) },
    );
    // Checked again, because concurrent guesses are all admitted before the first of them is
    // counted.
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
