import type { FileTrack } from '../shared/hashing-threads.ts';

/**
 * How much is written in one piece at most, and how many pieces one writer may have in memory.
 * Bytes.
 */
const BATCH_BYTES = 512 * 1024;
const MAX_BATCHES = 4;
/** What does not fill a batch waits this long for more. Milliseconds. */
const LINGER_MS = 10;

/**
 * Gathers chunks of any size into the batches that a thread writes. Holds a fixed amount of memory,
 * which is used over and over.
 */
export class Batches {
  readonly #track: Pick<FileTrack, 'write'>;
  readonly #fail: (error: unknown) => void;
  readonly #spare: ArrayBuffer[] = [];
  #allocated = 0;
  #filling: ArrayBuffer | null = null;
  #filled = 0;
  #writing = 0;
  #wake: (() => void) | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** `fail` hears of a write that failed at once, while the next bytes may be long in coming. */
  constructor(track: Pick<FileTrack, 'write'>, fail: (error: unknown) => void) {
    this.#track = track;
    this.#fail = fail;
  }

  /**
   * Copies `chunk`, which is the caller's again when this resolves. Waits while too much is under
   * way.
   */
  async add(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      this.#filling ??= await this.#acquireBatch();
      const length = Math.min(chunk.length - at, BATCH_BYTES - this.#filled);
      new Uint8Array(this.#filling, this.#filled, length).set(chunk.subarray(at, at + length));
      this.#filled += length;
      at += length;
      if (this.#filled === BATCH_BYTES) this.#startWrite();
    }
    if (this.#filling !== null) this.#timer ??= setTimeout(() => this.#startWrite(), LINGER_MS);
  }

  /** Resolves when everything was written or has failed. */
  async drain(): Promise<void> {
    this.#startWrite();
    while (this.#writing > 0) await this.#change();
  }

  /** Resolves when nothing is under way any more; what was not handed over by then never is. */
  async abandon(): Promise<void> {
    this.#filling = null;
    this.#resetFilling();
    while (this.#writing > 0) await this.#change();
  }

  async #acquireBatch(): Promise<ArrayBuffer> {
    for (;;) {
      const spare = this.#spare.pop();
      if (spare !== undefined) return spare;
      if (this.#allocated < MAX_BATCHES) {
        this.#allocated += 1;
        return new ArrayBuffer(BATCH_BYTES);
      }
      await this.#change();
    }
  }

  async #change(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** Nothing is gathered that would have to be handed over. */
  #resetFilling(): void {
    this.#filled = 0;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** What is gathered, if anything is. */
  #startWrite(): void {
    const [buffer, length] = [this.#filling, this.#filled];
    if (buffer === null) return;
    this.#filling = null;
    this.#resetFilling();
    this.#writing += 1;
    this.#track
      .write(buffer, length)
      .then(
        (back) => this.#spare.push(back),
        (error: unknown) => {
          this.#allocated -= 1;
          this.#fail(error);
        },
      )
      .finally(() => {
        this.#writing -= 1;
        this.#wake?.();
        this.#wake = null;
      });
  }
}
