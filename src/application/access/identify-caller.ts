import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { LoginSessionTerms } from '../ports/login-session-repository.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Authenticate, AuthenticateFailure } from './authenticate.ts';
import type { AuthenticateWithPassword, AuthenticateWithPasswordFailure } from './authenticate-with-password.ts';
import type { SentCredentials } from './verify-credentials.ts';

export type IdentifyCallerFailure = AuthenticateFailure | AuthenticateWithPasswordFailure;

/** The credentials of a request, by their kind. */
export type PresentedCredentials =
  | { readonly kind: 'bearer'; readonly secret: string }
  | { readonly kind: 'session'; readonly secret: string }
  | ({ readonly kind: 'password' } & SentCredentials);

interface Dependencies {
  readonly work: UnitOfWork;
  readonly random: Random;
  readonly authenticate: Authenticate;
  readonly authenticateWithPassword: AuthenticateWithPassword;
  readonly terms: LoginSessionTerms;
}

/** Tokens begin so. An authkey, which is random, hardly ever does. */
const TOKEN = /^plt_/;

/**
 * Identifies callers by an API token or an authkey, by the session of their browser, or by their
 * password.
 */
export class IdentifyCaller {
  readonly #work: UnitOfWork;
  readonly #random: Random;
  readonly #authenticate: Authenticate;
  readonly #authenticateWithPassword: AuthenticateWithPassword;
  readonly #terms: LoginSessionTerms;

  constructor({ work, random, authenticate, authenticateWithPassword, terms }: Dependencies) {
    this.#work = work;
    this.#random = random;
    this.#authenticate = authenticate;
    this.#authenticateWithPassword = authenticateWithPassword;
    this.#terms = terms;
  }

  /**
   * `credentials` is null for a request without any.
   *
   * @throws `not-authenticated` for missing, unknown and expired credentials alike
   * @throws `wrong-credentials` or `too-many-logins` for a password
   */
  async run(credentials: PresentedCredentials | null): Promise<Caller> {
    switch (credentials?.kind) {
      case 'bearer':
        return (await this.#byToken(credentials.secret)) ?? this.#authenticate.run(credentials.secret);
      case 'session':
        return this.#bySession(credentials.secret);
      case 'password':
        return this.#authenticateWithPassword.run(credentials);
      case undefined:
        throw new DomainError('not-authenticated');
    }
  }

  /** Returns null for what is no valid token. */
  async #byToken(secret: string): Promise<Caller | null> {
    if (!TOKEN.test(secret)) return null;
    const hash = this.#random.hashOf(secret);
    const found = await this.#work.read(async (tx) => tx.apiTokens.find(hash));
    if (found === null) return null;
    if (found.isUnused) await this.#work.run(async (tx) => tx.apiTokens.use(hash));
    return found.caller;
  }

  async #bySession(secret: string): Promise<Caller> {
    const hash = this.#random.hashOf(secret);
    const found = await this.#work.read(async (tx) => tx.loginSessions.find(hash, this.#terms));
    if (found === null) throw new DomainError('not-authenticated');
    if (found.isUnused) await this.#work.run(async (tx) => tx.loginSessions.use(hash));
    return found.caller;
  }
}
