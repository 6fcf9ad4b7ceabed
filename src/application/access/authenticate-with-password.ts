import type { Caller } from '../../domain/access/caller.ts';
import { networkOf } from '../../domain/access/network.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Proof, VerifiedCredentials } from '../ports/verified-credentials.ts';
import type { SentCredentials, VerifyCredentials, VerifyCredentialsFailure } from './verify-credentials.ts';

export type AuthenticateWithPasswordFailure = VerifyCredentialsFailure | 'not-authenticated';

/**
 * Says who is calling, for callers who show their password with every call
 * (docs/cloudsigma.md#authentication). What was verified a short while ago for the same network is
 * compared with the user's row alone, so that a changed password or a removed user is noticed at
 * once on every replica. The limit on failed logins comes before that, or it would not bind guesses
 * at a user who is at work.
 */
export class AuthenticateWithPassword {
  readonly #verify: VerifyCredentials;
  readonly #verified: VerifiedCredentials;

  constructor(verify: VerifyCredentials, verified: VerifiedCredentials) {
    this.#verify = verify;
    this.#verified = verified;
  }

  /** `shown` is null where a request has no credentials. */
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
