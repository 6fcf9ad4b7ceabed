import type { Origin } from '../../domain/audit/audit-event.ts';
import type { LoginSessionTerms } from '../ports/login-session-repository.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Credential, User } from '../ports/user-repository.ts';
import type { SentCredentials, VerifyCredentials, VerifyCredentialsFailure } from './verify-credentials.ts';

export type BeginSessionFailure = VerifyCredentialsFailure;

/** A session that has just begun. Only the hash of its secret is stored. */
export interface BegunSession {
  readonly secret: string;
  readonly user: User;
  /** When it ends at the latest, by the clock of the database. */
  readonly expiresAt: Date;
}

interface Dependencies {
  readonly verify: VerifyCredentials;
  readonly work: UnitOfWork;
  readonly random: Random;
  readonly terms: LoginSessionTerms;
}

/** Begins the session of a browser that sends the right password. */
export class BeginSession {
  readonly #verify: VerifyCredentials;
  readonly #work: UnitOfWork;
  readonly #random: Random;
  readonly #terms: LoginSessionTerms;

  constructor({ verify, work, random, terms }: Dependencies) {
    this.#verify = verify;
    this.#work = work;
    this.#random = random;
    this.#terms = terms;
  }

  async run(credentials: SentCredentials, origin?: Origin): Promise<BegunSession> {
    return this.#verify.run(credentials, async (credential) => this.#begin(credential, origin));
  }

  /** Returns null if the user was removed or the password changed while it was being verified. */
  async #begin({ user, passwordHash }: Credential, origin: Origin | undefined): Promise<BegunSession | null> {
    const secret = this.#random.sessionSecret();
    return this.#work.run(async (tx) => {
      const current = await tx.users.lockShared(user.id);
      if (current?.passwordHash !== passwordHash) return null;
      await tx.audit.record({ id: user.id, origin }, { action: 'user.login', user: user.id });
      const expiresAt = await tx.loginSessions.insert(this.#random.hashOf(secret), user.id, this.#terms);
      return { secret, user, expiresAt };
    });
  }
}
