import { DomainError } from '../../domain/shared/domain-error.ts';

export interface QueueTerms {
  /** How many run side by side. */
  readonly atOnce: number;
  /** How many wait for their turn at most. */
  readonly waiting: number;
  /** What those are told who may not even wait, in seconds. */
  readonly retryAfterSeconds: number;
}

/** Runs work a few pieces at a time, in the order in which it came, and turns away what would wait too long. */
export class FewAtOnce {
  readonly #terms: QueueTerms;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(terms: QueueTerms) {
    this.#terms = terms;
  }

  /** Answers what `work` does. Fails as `work` does, or with `unavailable` when the queue is full; then `work` was never begun. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await work();
    } finally {
      this.#handOn();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#terms.atOnce) {
      this.#running += 1;
      return;
    }
    const { waiting, retryAfterSeconds } = this.#terms;
    if (this.#queue.length >= waiting) throw new DomainError('unavailable', { retryAfterSeconds });
    await new Promise<void>((begin) => this.#queue.push(begin));
  }

  /** The next in the queue takes over this place, so that nobody slips in between. */
  #handOn(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
