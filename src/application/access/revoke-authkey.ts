import type { Origin } from '../../domain/audit/audit-event.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Revokes an authkey. Does nothing if it does not exist. */
export class RevokeAuthkey {
  readonly #work: UnitOfWork;
  readonly #random: Random;

  constructor(work: UnitOfWork, random: Random) {
    this.#work = work;
    this.#random = random;
  }

  async run(authkey: string, origin?: Origin): Promise<void> {
    await this.#work.run(async (tx) => {
      const id = await tx.authkeys.remove(this.#random.hashOf(authkey));
      if (id !== null) await tx.audit.record({ id, origin }, { action: 'authkey.drop', user: id });
    });
  }
}
