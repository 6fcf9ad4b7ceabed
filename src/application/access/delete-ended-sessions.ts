import type { LoginSessionTerms } from '../ports/login-session-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Deletes sessions that have ended. Run it periodically, on any number of replicas. */
export class DeleteEndedSessions {
  readonly #work: UnitOfWork;
  readonly #terms: LoginSessionTerms;

  constructor(work: UnitOfWork, terms: LoginSessionTerms) {
    this.#work = work;
    this.#terms = terms;
  }

  /** Deletes in batches, each in its own transaction, until none is left. */
  async run(): Promise<void> {
    let forgotten: number;
    do forgotten = await this.#work.run(async (tx) => tx.loginSessions.forgetEnded(this.#terms));
    while (forgotten > 0);
  }
}
