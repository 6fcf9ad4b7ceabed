/** One upload, as far as its memory is concerned. */
export interface PartHolder {
  /** What it holds at the moment. Bytes. */
  held: number;
}

interface Waiting {
  readonly holder: PartHolder;
  readonly size: number;
  readonly grant: (buffer: ArrayBuffer) => void;
}

/** Buffers below this are not worth keeping. Bytes. */
const WORTH_KEEPING = 1024 * 1024;

/**
 * The memory in which all uploads to S3 collect their parts. Whoever asks waits for their turn: first those that hold nothing, so that nobody starves
 * beside an upload that fills many parts at once, and among them in the order of asking. Nobody overtakes, or large parts would wait for ever.
 */
export class PartMemory {
  readonly limit: number;
  readonly #waiting: Waiting[] = [];
  readonly #spare: ArrayBuffer[] = [];
  #held = 0;
  #kept = 0;

  /** `limit` counts everything that is handed out or kept for the next. Bytes. */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** How many uploads wait for memory at this moment. */
  get waiting(): number {
    return new Set(this.#waiting.map(({ holder }) => holder)).size;
  }

  /** A buffer of `size` bytes, at most `limit`, with whatever it held before. Fails with the signal's reason. */
  async take(holder: PartHolder, size: number, signal: AbortSignal): Promise<ArrayBuffer> {
    signal.throwIfAborted();
    if (size > this.limit) throw new Error(`${size} bytes are more than all the memory for parts`);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        holder,
        size,
        grant: (buffer) => {
          signal.removeEventListener('abort', giveUp);
          resolve(buffer);
        },
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason as Error);
        this.#serve();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiting);
      this.#serve();
    });
  }

  /** Gives back `size` bytes that `take` gave; `buffer` is for the next who takes, or null where it may not be used again. */
  giveBack(holder: PartHolder, size: number, buffer: ArrayBuffer | null): void {
    holder.held -= size;
    this.#held -= size;
    if (buffer !== null && size >= WORTH_KEEPING) {
      this.#spare.push(buffer);
      this.#kept += size;
    }
    this.#serve();
    if (this.#held === 0) this.#forgetSpares(0);
  }

  #serve(): void {
    for (;;) {
      const next = this.#waiting.find(({ holder }) => holder.held === 0) ?? this.#waiting[0];
      if (next === undefined || this.#held + next.size > this.limit) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      next.holder.held += next.size;
      this.#held += next.size;
      next.grant(this.#bufferOf(next.size));
    }
  }

  #bufferOf(size: number): ArrayBuffer {
    const at = this.#spare.findIndex(({ byteLength }) => byteLength === size);
    const [found] = at === -1 ? [] : this.#spare.splice(at, 1);
    if (found !== undefined) this.#kept -= size;
    this.#forgetSpares(this.limit - this.#held);
    return found ?? new ArrayBuffer(size);
  }

  /** Keeps at most `room` bytes of buffers that nobody uses. */
  #forgetSpares(room: number): void {
    while (this.#kept > room) this.#kept -= this.#spare.shift()?.byteLength ?? 0;
  }
}
