import type { Caller } from '../../domain/access/caller.ts';
import { networkOf } from '../../domain/access/network.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Proof, VerifiedCredentials } from '../ports/verified-credentials.ts';
import type { SentCredentials, VerifyCredentials, VerifyCredentialsFailure } from './verify-credentials.ts';

export type AuthenticateWithPasswordFailure = VerifyCredentialsFailure | 'not-authenticated';

/**
 * Identifies callers who send their password with every request
 * (docs/cloudsigma.md#authentication). A password that was verified shortly before for the same
 * network is not hashed again; its user's row is read each time, so that a changed password or a
 * removed user takes effect at once on every replica. The login limit is checked first, because
 * otherwise it would not limit guesses at an active user.
 */
export class AuthenticateWithPassword {
  readonly #verify: VerifyCredentials;
  readonly #verified: VerifiedCredentials;

  constructor(verify: VerifyCredentials, verified: VerifiedCredentials) {
    this.#verify = verify;
    this.#verified = verified;
  }

  /** `credentials` is null if the request has none. */
  async run(credentials: SentCredentials | null): Promise<Caller> {
    if (credentials === null) throw new DomainError('not-authenticated');
    await this.#verify.admit(credentials);
    return (await this.#recall(credentials)) ?? this.#verifyAnew(credentials);
  }

  async #recall(credentials: SentCredentials): Promise<Caller | null> {
    const remembered = this.#verified.recall(provenBy(credentials));
    if (remembered === null) return null;
    const credential = await this.#verify.find(credentials.name);
    const holds = credential?.user.id === remembered.user && credential.version === remembered.version;
    return holds ? credential.user : null;
  }

  async #verifyAnew(credentials: SentCredentials): Promise<Caller> {
    return this.#verify.run(credentials, async ({ user, version }) => {
      this.#verified.remember(provenBy(credentials), { user: user.id, version });
      return Promise.resolve(user);
    });
  }
}

function provenBy({ name, password, address }: SentCredentials): Proof {
  return { name, password, network: networkOf(address ?? '') };
}
