/** One upload, as far as its memory is concerned. */
export interface PartHolder {
  /** Where it goes: any object, one for each place. */
  readonly location: object;
  /** What it holds at the moment. Bytes. */
  heldBytes: number;
}

interface Waiting {
  readonly holder: PartHolder;
  readonly size: number;
  readonly grant: (buffer: ArrayBuffer) => void;
}

/**
 * What one place may hold of the memory where there are others: when its server hangs, theirs go
 * on.
 */
const MAX_LOCATION_SHARE = 3 / 4;
/** Buffers below this are not worth keeping. Bytes. */
const MIN_SPARE_BYTES = 1024 * 1024;

/**
 * The memory in which all uploads to S3 collect their parts. Whoever asks waits for their turn:
 * first those that hold nothing, so that nobody starves beside an upload that fills many parts at
 * once, and among them in the order of asking. Nobody overtakes another on the way to the same
 * place, or large parts would wait for ever.
 */
export class PartMemory {
  readonly limit: number;
  readonly #waiting: Waiting[] = [];
  readonly #spare: ArrayBuffer[] = [];
  readonly #share: number;
  readonly #heldFor = new Map<object, number>();
  #held = 0;
  #kept = 0;

  /**
   * `limit` counts everything that is handed out or kept for the next, in bytes; `places` is how
   * many there are to send parts to.
   */
  constructor(limit: number, locations = 1) {
    this.limit = limit;
    this.#share = locations > 1 ? limit * MAX_LOCATION_SHARE : limit;
  }

  /** How many uploads wait for memory at this moment. */
  get waiting(): number {
    return new Set(this.#waiting.map(({ holder }) => holder)).size;
  }

  /**
   * A buffer of `size` bytes, at most `limit`, with whatever it held before. Fails with the
   * signal's reason.
   */
  async acquire(holder: PartHolder, size: number, signal: AbortSignal): Promise<ArrayBuffer> {
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

  /**
   * Gives back `size` bytes that `take` gave; `buffer` is for the next who takes, or null where it
   * may not be used again.
   */
  release(holder: PartHolder, size: number, buffer: ArrayBuffer | null): void {
    this.#count(holder, -size);
    if (buffer !== null && size >= MIN_SPARE_BYTES) {
      this.#spare.push(buffer);
      this.#kept += size;
    }
    this.#serve();
    if (this.#held === 0) this.#forgetSpares(0);
  }

  #serve(): void {
    for (;;) {
      const next = this.#next();
      if (next === undefined || this.#held + next.size > this.limit) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#count(next.holder, next.size);
      next.grant(this.#bufferOf(next.size));
    }
  }

  /**
   * Whose turn it is. A place that has its share waits until some of that is given back; one part,
   * however large, it always gets.
   */
  #next(): Waiting | undefined {
    const full = new Set<object>();
    for (const waiting of [...this.#waiting.filter(({ holder }) => holder.heldBytes === 0), ...this.#waiting]) {
      const { location } = waiting.holder;
      const held = this.#heldFor.get(location) ?? 0;
      if (held > 0 && held + waiting.size > this.#share) full.add(location);
      if (!full.has(location)) return waiting;
    }
    return undefined;
  }

  #count(holder: PartHolder, bytes: number): void {
    holder.heldBytes += bytes;
    this.#held += bytes;
    this.#heldFor.set(holder.location, (this.#heldFor.get(holder.location) ?? 0) + bytes);
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
