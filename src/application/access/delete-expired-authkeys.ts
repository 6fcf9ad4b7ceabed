import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** For this long an expired authkey is told from an unknown one (docs/velocity.md#logging-in). */
const REMEMBERED = 24 * 60 * 60;

/**
 * Deletes authkeys that expired more than a day ago. Run it periodically, on any number of
 * replicas.
 */
export class DeleteExpiredAuthkeys {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** Deletes in batches, each in its own transaction, until none is left. Returns the number. */
  async run(): Promise<number> {
    let all = 0;
    for (;;) {
      const forgotten = await this.#work.run(async (tx) => tx.authkeys.forgetExpired(REMEMBERED));
      if (forgotten === 0) return all;
      all += forgotten;
    }
  }
}
