import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Deletes links that have expired. */
export class DeleteExpiredLinks {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** @throws `unavailable` */
  async run(): Promise<void> {
    await this.#work.run((tx) => tx.links.forgetExpired());
  }
}
