import type { UnitOfWork } from '../ports/unit-of-work.ts';

/**
 * How long an expired authkey is told from an unknown one, in seconds
 * (docs/velocity.md#logging-in).
 */
const REMEMBERED = 24 * 60 * 60;

/**
 * Forgets authkeys that expired more than a day ago. For running now and then, on any number of
 * replicas.
 */
export class DeleteExpiredAuthkeys {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /**
   * Forgets in steps, each a transaction of its own, until there is nothing left to forget. Answers
   * how many.
   */
  async run(): Promise<number> {
    let all = 0;
    for (;;) {
      const forgotten = await this.#work.run(async (tx) => tx.authkeys.forgetExpired(REMEMBERED));
      if (forgotten === 0) return all;
      all += forgotten;
    }
  }
}
