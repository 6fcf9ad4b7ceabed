/** The size of one write. */
export const BATCH_BYTES = 512 * 1024;
/** Batches that were not needed for this long are dropped. */
const TRIM_EVERY_MS = 60_000;

/**
 * The memory of the batches of all writers, shared with the threads that write. Memory that is
 * transferred to a thread instead counts as new at each return, so that the garbage collector runs
 * all the time. The collector does not count shared memory: batches are kept for reuse, and dropped
 * seldom.
 */
export class BatchPool {
  readonly #spare: SharedArrayBuffer[] = [];
  /** How many batches were unused all the time since the last trim. */
  #unneeded = 0;
  #isTrimDue = false;

  /** How many batches are kept for reuse. */
  get spare(): number {
    return this.#spare.length;
  }

  /** Returns a batch of `BATCH_BYTES` bytes with arbitrary content. */
  acquire(): SharedArrayBuffer {
    const batch = this.#spare.pop() ?? new SharedArrayBuffer(BATCH_BYTES);
    this.#unneeded = Math.min(this.#unneeded, this.#spare.length);
    return batch;
  }

  /** Returns a batch to the pool. Do not touch it afterwards. */
  release(batch: SharedArrayBuffer): void {
    this.#spare.push(batch);
    if (!this.#isTrimDue) this.#trimLater();
  }

  /** Drops the batches that were not needed since it was last called. */
  trim(): void {
    this.#spare.splice(0, this.#unneeded);
    this.#unneeded = this.#spare.length;
  }

  #trimLater(): void {
    this.#isTrimDue = true;
    setTimeout(() => {
      this.#isTrimDue = false;
      this.trim();
      if (this.#spare.length > 0) this.#trimLater();
    }, TRIM_EVERY_MS).unref();
  }
}
