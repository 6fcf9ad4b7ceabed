import type { HashingParty } from '../../application/ports/password-hasher.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { Lane, type Waiting } from './lane.ts';

export interface QueueTerms {
  /** How many run side by side. */
  readonly atOnce: number;
  /** How many wait for their turn at most. */
  readonly waiting: number;
  /** When those that find no room may try again, in seconds. */
  readonly retryAfterSeconds: number;
}

/**
 * Runs work a few pieces at a time. Known callers go first, and within each of the two lanes
 * callers take turns. Once the queue is full, the newest piece of the caller with the most pieces
 * makes room for a caller with fewer, and a stranger for a known one.
 */
export class FairQueue {
  readonly #terms: QueueTerms;
  readonly #known = new Lane();
  readonly #strangers = new Lane();
  #running = 0;

  constructor(terms: QueueTerms) {
    this.#terms = terms;
  }

  /**
   * Resolves with what `work` does. Fails as `work` does, or with `unavailable` for lack of room;
   * then `work` was never begun.
   */
  async run<T>(turn: HashingParty, work: () => Promise<T>): Promise<T> {
    await this.#wait(turn);
    try {
      return await work();
    } finally {
      this.#handOn();
    }
  }

  async #wait({ name, isKnown }: HashingParty): Promise<void> {
    if (this.#running < this.#terms.atOnce) {
      this.#running += 1;
      return;
    }
    const lane = isKnown ? this.#known : this.#strangers;
    if (this.#known.size + this.#strangers.size >= this.#terms.waiting) this.#makeRoom(name, lane);
    await new Promise<void>((begin, refuse) => lane.push(name, { begin, refuse }));
  }

  #makeRoom(from: string, lane: Lane): void {
    const victim = this.#victimOf(from, lane);
    if (victim === null) throw this.#refusal();
    victim.refuse(this.#refusal());
  }

  #victimOf(from: string, lane: Lane): Waiting | null {
    if (lane === this.#known && this.#strangers.size > 0) return this.#strangers.dropLast(0);
    return lane.dropLast(lane.waitingOf(from) + 1);
  }

  #refusal(): DomainError {
    return new DomainError('unavailable', { retryAfterSeconds: this.#terms.retryAfterSeconds });
  }

  /** The next in the queue takes over this place, so that none slips in between. */
  #handOn(): void {
    const next = this.#known.shift() ?? this.#strangers.shift();
    if (next === null) this.#running -= 1;
    else next.begin();
  }
}
