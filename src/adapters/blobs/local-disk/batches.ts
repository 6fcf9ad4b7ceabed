import type { FileTrack } from '../shared/hashing-threads.ts';

/** The size of one write, and how many writes of one writer may be in memory. */
const BATCH_BYTES = 512 * 1024;
const MAX_BATCHES = 4;
/** How long a partly filled batch waits for more bytes. */
const LINGER_MS = 10;

/**
 * Gathers chunks of any size into batches, which a thread writes. Reuses a fixed amount of memory.
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

  /**
   * `fail` receives the error of a failed write at once, since the next bytes may take long to
   * arrive.
   */
  constructor(track: Pick<FileTrack, 'write'>, fail: (error: unknown) => void) {
    this.#track = track;
    this.#fail = fail;
  }

  /**
   * Copies `chunk`; the caller may reuse it once this resolves. Waits while too many writes are
   * under way.
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

  /** Starts the last write. Resolves when every write has succeeded or failed. */
  async drain(): Promise<void> {
    this.#startWrite();
    while (this.#writing > 0) await this.#change();
  }

  /** Drops gathered bytes. Resolves when no write is under way. */
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

  /** Resets the batch that is being filled. */
  #resetFilling(): void {
    this.#filled = 0;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Starts to write the gathered bytes, if there are any. */
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
