import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** A run deletes at most this many batches and leaves the rest to the next run. */
const MAX_STEPS = 100;

/**
 * Deletes audit entries after their retention time. Run it periodically, on any number of replicas.
 */
export class DeleteOldAuditEntries {
  readonly #work: UnitOfWork;
  readonly #days: number;

  /** `days`: how long entries are kept; 0 to keep all of them. */
  constructor(work: UnitOfWork, days: number) {
    this.#work = work;
    this.#days = days;
  }

  /** Deletes in batches, each in its own transaction. Returns the number of deleted entries. */
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
