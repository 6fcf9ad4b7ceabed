import type { Origin } from '../../domain/audit/audit-event.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { issueAuthkey, type AuthkeySettings, type IssuedAuthkey } from './issue-authkey.ts';

export type RotateAuthkeyFailure = 'authkey-unknown' | 'authkey-expired';

/** Replaces a valid authkey by a new one of the same user and revokes the old one. */
export class RotateAuthkey {
  readonly #work: UnitOfWork;
  readonly #random: Random;
  readonly #settings: AuthkeySettings;

  constructor(work: UnitOfWork, random: Random, settings: AuthkeySettings) {
    this.#work = work;
    this.#random = random;
    this.#settings = settings;
  }

  /**
   * If two requests rotate the same authkey at once, one succeeds and the other fails.
   *
   * @throws `authkey-unknown` or `authkey-expired`
   */
  async run(authkey: string, origin?: Origin): Promise<IssuedAuthkey> {
    const hash = this.#random.hashOf(authkey);
    return this.#work.run(async (tx) => {
      const consumed = await tx.authkeys.consume(hash);
      if (consumed !== null) {
        const { user, loginAt } = consumed;
        await tx.audit.record({ id: user, origin }, { action: 'authkey.swap', user });
        return issueAuthkey(tx, this.#random, user, this.#settings, loginAt);
      }
      const { kind } = await tx.authkeys.find(hash);
      throw new DomainError(kind === 'expired' ? 'authkey-expired' : 'authkey-unknown');
    });
  }
}
