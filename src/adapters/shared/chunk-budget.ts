/**
 * Limits how many chunks all request bodies together read in one iteration of the event loop.
 *
 * Without it a body reads everything that its socket has, up to 2 MiB per iteration. With several
 * bodies, a small request then waits tens of milliseconds for each iteration that it needs, and
 * every database reply needs one.
 */
export class ChunkBudget {
  readonly #max: number;
  readonly #waiting: (() => void)[] = [];
  #left: number;
  #isScheduled = false;

  /** `max` is the number of chunks per iteration, over all bodies. */
  constructor(max: number) {
    this.#max = max;
    this.#left = max;
  }

  /**
   * Resolves when the caller may read one chunk, in this iteration or a later one; first come,
   * first served.
   */
  async acquire(): Promise<void> {
    if (!this.#isScheduled) this.#schedule();
    if (this.#left > 0) this.#left -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Resets the budget when the iteration ends. */
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
 * Chunks per iteration. A socket gives at most 64 KiB, so these are 256 KiB, well below a
 * millisecond. Fewer would cost throughput.
 */
export const CHUNKS_PER_ITERATION = 4;
/** The budget of all request bodies. */
export const BODY_CHUNKS = new ChunkBudget(CHUNKS_PER_ITERATION);
