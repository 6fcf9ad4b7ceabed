import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type AuthenticateFailure = 'not-authenticated';

/** Identifies callers by their authkey. */
export class Authenticate {
  readonly #work: UnitOfWork;
  readonly #random: Random;

  constructor(work: UnitOfWork, random: Random) {
    this.#work = work;
    this.#random = random;
  }

  /**
   * Returns the user of an authkey.
   *
   * @throws `not-authenticated` for a missing, unknown or expired authkey alike
   */
  async run(authkey: string | null): Promise<Caller> {
    if (authkey === null || authkey === '') throw new DomainError('not-authenticated');
    const hash = this.#random.hashOf(authkey);
    const state = await this.#work.read(async (tx) => tx.authkeys.find(hash));
    if (state.kind !== 'valid') throw new DomainError('not-authenticated');
    if (state.isUnused) await this.#work.run(async (tx) => tx.authkeys.use(hash));
    return state.caller;
  }
}
