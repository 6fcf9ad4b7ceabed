import type { HashingParty } from '../../application/ports/password-hasher.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { Lane, type Waiting } from './lane.ts';

export interface QueueLimits {
  /** How many tasks run at once. */
  readonly maxRunning: number;
  /** How many tasks wait. */
  readonly maxWaiting: number;
  /** When a refused caller may try again. */
  readonly retryAfterSeconds: number;
}

/**
 * Runs a limited number of tasks at once. Known callers go before strangers, and within each of the
 * two lanes callers take turns. When the queue is full, it drops the newest task of the caller with
 * the most tasks to make room for a caller with fewer, or a stranger's task for a known caller.
 */
export class FairQueue {
  readonly #limits: QueueLimits;
  readonly #known = new Lane();
  readonly #strangers = new Lane();
  #running = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /**
   * Resolves with the result of `work`, and rejects as `work` does.
   *
   * @throws unavailable when the queue has no room; `work` was not started
   */
  async run<T>(turn: HashingParty, work: () => Promise<T>): Promise<T> {
    await this.#wait(turn);
    try {
      return await work();
    } finally {
      this.#releaseSlot();
    }
  }

  async #wait({ name, isKnown }: HashingParty): Promise<void> {
    if (this.#running < this.#limits.maxRunning) {
      this.#running += 1;
      return;
    }
    const lane = isKnown ? this.#known : this.#strangers;
    if (this.#known.size + this.#strangers.size >= this.#limits.maxWaiting) this.#makeRoom(name, lane);
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
    return new DomainError('unavailable', { retryAfterSeconds: this.#limits.retryAfterSeconds });
  }

  /** Passes the slot to the next task in the queue, so that no new task takes it first. */
  #releaseSlot(): void {
    const next = this.#known.shift() ?? this.#strangers.shift();
    if (next === null) this.#running -= 1;
    else next.begin();
  }
}
