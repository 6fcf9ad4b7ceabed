import type { Origin } from '../../domain/audit/audit-event.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Credential } from '../ports/user-repository.ts';
import { issueAuthkey, type AuthkeySettings, type IssuedAuthkey } from './issue-authkey.ts';
import type { SentCredentials, VerifyCredentials, VerifyCredentialsFailure } from './verify-credentials.ts';

export type LogInFailure = VerifyCredentialsFailure;

interface Dependencies {
  readonly verify: VerifyCredentials;
  readonly work: UnitOfWork;
  readonly random: Random;
  readonly settings: AuthkeySettings;
}

/** Issues an authkey to a caller who sends the right password. */
export class LogIn {
  readonly #verify: VerifyCredentials;
  readonly #work: UnitOfWork;
  readonly #random: Random;
  readonly #settings: AuthkeySettings;

  constructor({ verify, work, random, settings }: Dependencies) {
    this.#verify = verify;
    this.#work = work;
    this.#random = random;
    this.#settings = settings;
  }

  async run(credentials: SentCredentials, origin?: Origin): Promise<IssuedAuthkey> {
    return this.#verify.run(credentials, async (credential) => this.#issue(credential, origin));
  }

  /** Returns null if the user was removed or the password changed while it was being verified. */
  async #issue({ user, passwordHash }: Credential, origin: Origin | undefined): Promise<IssuedAuthkey | null> {
    return this.#work.run(async (tx) => {
      const current = await tx.users.lockShared(user.id);
      if (current?.passwordHash !== passwordHash) return null;
      await tx.audit.record({ id: user.id, origin }, { action: 'user.login', user: user.id });
      return issueAuthkey(tx, this.#random, user.id, this.#settings, null);
    });
  }
}
