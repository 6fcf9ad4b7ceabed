import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** A pass takes no longer than this many steps do: what is left is for the next one. */
const MAX_STEPS = 100;

/**
 * Forgets what was written down longer ago than it is kept. For running now and then, on any number
 * of replicas.
 */
export class DeleteOldAuditEntries {
  readonly #work: UnitOfWork;
  readonly #days: number;

  /** `days`: how long entries are kept; 0 for ever. */
  constructor(work: UnitOfWork, days: number) {
    this.#work = work;
    this.#days = days;
  }

  /** Forgets in steps, each a transaction of its own. Answers how many. */
  async run(): Promise<number> {
    let all = 0;
    for (let steps = 0; this.#days > 0 && steps < MAX_STEPS; steps += 1) {
      const forgotten = await this.#work.run(async (tx) => tx.audit.forget(this.#days));
      if (forgotten === 0) break;
      all += forgotten;
    }
    return all;
  }
}
