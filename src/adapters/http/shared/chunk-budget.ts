/**
 * Shares out the turns of the event loop among the bodies that come in. Left alone, a body takes
 * from its socket whatever lies there, up to 2 MiB in one turn; with several of them a small
 * request waits tens of milliseconds for each turn that it needs, and each answer of the database
 * takes it one.
 */
export class ChunkBudget {
  readonly #max: number;
  readonly #waiting: (() => void)[] = [];
  #left: number;
  #isScheduled = false;

  /** In each turn so many chunks are taken at most, over all bodies. */
  constructor(max: number) {
    this.#max = max;
    this.#left = max;
  }

  /**
   * Resolves when one chunk may be taken: in this turn or in a later one, in the order of asking.
   */
  async acquire(): Promise<void> {
    if (!this.#isScheduled) this.#schedule();
    if (this.#left > 0) this.#left -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Until the turn ends. */
  #schedule(): void {
    this.#isScheduled = true;
    setImmediate(() => this.#beginIteration());
  }

  #beginIteration(): void {
    const admitted = this.#waiting.splice(0, this.#max);
    this.#left = this.#max - admitted.length;
    this.#isScheduled = false;
    if (admitted.length > 0) this.#schedule();
    for (const admit of admitted) admit();
  }
}

/**
 * How many chunks all bodies together take in one turn of the event loop. A socket gives 64 KiB at
 * most, so that they are 256 KiB, in well below a millisecond. Fewer would cost throughput.
 */
export const CHUNKS_PER_ITERATION = 4;
/** The turns of all bodies that come in. */
export const BODY_CHUNKS = new ChunkBudget(CHUNKS_PER_ITERATION);
