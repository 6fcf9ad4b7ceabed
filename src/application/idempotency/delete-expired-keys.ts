import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Deletes expired idempotency keys. Run it periodically, on any number of replicas. */
export class DeleteExpiredKeys {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** Deletes in batches, each in its own transaction, until none is left. */
  async run(): Promise<void> {
    let forgotten: number;
    do forgotten = await this.#work.run(async (tx) => tx.idempotencyKeys.forgetExpired());
    while (forgotten > 0);
  }
}
