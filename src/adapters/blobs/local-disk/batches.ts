import type { FileTrack } from '../shared/hashing-threads.ts';
import { BATCH_BYTES, BatchPool } from './batch-pool.ts';

/** How many writes of one writer may be in memory. */
const MAX_BATCHES = 4;
/** How long a partly filled batch waits for more bytes. */
const LINGER_MS = 10;
/** The memory of all writers. */
const POOL = new BatchPool();

/**
 * Gathers chunks of any size into batches, which a thread writes. Reuses a fixed amount of memory.
 */
export class Batches {
  readonly #track: Pick<FileTrack, 'write'>;
  readonly #fail: (error: unknown) => void;
  #filling: SharedArrayBuffer | null = null;
  #filled = 0;
  #writing = 0;
  #written = 0;
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

  /** How many bytes the operating system has. */
  get written(): number {
    return this.#written;
  }

  /**
   * Copies `chunk`; the caller may reuse it once this resolves. Waits while too many writes are
   * under way.
   */
  async add(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      this.#filling ??= await this.#acquireBatch();
      const length = Math.min(chunk.length - at, BATCH_BYTES - this.#filled);
      // `set` copies to shared memory word by word.
      Buffer.from(this.#filling, this.#filled, length).fill(chunk.subarray(at, at + length));
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

  async #acquireBatch(): Promise<SharedArrayBuffer> {
    while (this.#writing === MAX_BATCHES) await this.#change();
    return POOL.acquire();
  }

  async #change(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** Starts to write the gathered bytes, if there are any. */
  #startWrite(): void {
    const [buffer, length] = [this.#filling, this.#filled];
    if (this.#timer !== null) clearTimeout(this.#timer);
    [this.#timer, this.#filling, this.#filled] = [null, null, 0];
    if (buffer === null) return;
    this.#writing += 1;
    this.#track
      .write(buffer, length)
      .then(() => (this.#written += length), this.#fail)
      .finally(() => {
        POOL.release(buffer);
        this.#writing -= 1;
        this.#wake?.();
        this.#wake = null;
      });
  }
}
