import type { Origin } from '../../domain/audit/audit-event.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Ends a session. Does nothing if it does not exist. */
export class EndSession {
  readonly #work: UnitOfWork;
  readonly #random: Random;

  constructor(work: UnitOfWork, random: Random) {
    this.#work = work;
    this.#random = random;
  }

  async run(secret: string, origin?: Origin): Promise<void> {
    await this.#work.run(async (tx) => {
      const id = await tx.loginSessions.remove(this.#random.hashOf(secret));
      if (id !== null) await tx.audit.record({ id, origin }, { action: 'session.end', user: id });
    });
  }
}
