/** The memory use of one upload. */
export interface PartHolder {
  /** Identifies the location that the parts go to. */
  readonly location: object;
  heldBytes: number;
}

interface Waiting {
  readonly holder: PartHolder;
  readonly size: number;
  readonly grant: (buffer: ArrayBuffer) => void;
}

/**
 * The share that one location may hold if there are others, so that a server that hangs does not
 * block their uploads.
 */
const MAX_LOCATION_SHARE = 3 / 4;
/** Smaller buffers are not kept for reuse. */
const MIN_SPARE_BYTES = 1024 * 1024;

/**
 * The memory for the parts of all uploads to S3. Uploads that hold nothing are served first, so
 * that an upload with many parts starves no other, then in the order of requests. For one location
 * the order is strict, or large parts would never get their memory.
 */
export class PartMemory {
  readonly limit: number;
  readonly #waiting: Waiting[] = [];
  readonly #spare: ArrayBuffer[] = [];
  readonly #share: number;
  readonly #heldByLocation = new Map<object, number>();
  #held = 0;
  #spareBytes = 0;

  /**
   * `limit` bounds the bytes in use or kept for reuse; `locations` is the number of locations that
   * parts go to.
   */
  constructor(limit: number, locations = 1) {
    this.limit = limit;
    this.#share = locations > 1 ? limit * MAX_LOCATION_SHARE : limit;
  }

  /** How many uploads wait for memory now. */
  get waiting(): number {
    return new Set(this.#waiting.map(({ holder }) => holder)).size;
  }

  /**
   * Returns a buffer of `size` bytes, at most `limit`, with arbitrary content.
   *
   * @throws the reason of the signal
   */
  async acquire(holder: PartHolder, size: number, signal: AbortSignal): Promise<ArrayBuffer> {
    signal.throwIfAborted();
    if (size > this.limit) throw new Error(`${size} bytes exceed the memory for parts (${this.limit} bytes)`);
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

  /** Returns `size` acquired bytes; `buffer` may be reused, null when it must not be. */
  release(holder: PartHolder, size: number, buffer: ArrayBuffer | null): void {
    this.#count(holder, -size);
    if (buffer !== null && size >= MIN_SPARE_BYTES) {
      this.#spare.push(buffer);
      this.#spareBytes += size;
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
   * Returns the next request. A location that has used its share waits until memory is released; it
   * always gets one part, however large.
   */
  #next(): Waiting | undefined {
    const full = new Set<object>();
    for (const waiting of [...this.#waiting.filter(({ holder }) => holder.heldBytes === 0), ...this.#waiting]) {
      const { location } = waiting.holder;
      const held = this.#heldByLocation.get(location) ?? 0;
      if (held > 0 && held + waiting.size > this.#share) full.add(location);
      if (!full.has(location)) return waiting;
    }
    return undefined;
  }

  #count(holder: PartHolder, bytes: number): void {
    holder.heldBytes += bytes;
    this.#held += bytes;
    this.#heldByLocation.set(holder.location, (this.#heldByLocation.get(holder.location) ?? 0) + bytes);
  }

  #bufferOf(size: number): ArrayBuffer {
    const at = this.#spare.findIndex(({ byteLength }) => byteLength === size);
    const [found] = at === -1 ? [] : this.#spare.splice(at, 1);
    if (found !== undefined) this.#spareBytes -= size;
    this.#forgetSpares(this.limit - this.#held);
    return found ?? new ArrayBuffer(size);
  }

  /** Drops unused buffers beyond `room` bytes. */
  #forgetSpares(room: number): void {
    while (this.#spareBytes > room) this.#spareBytes -= this.#spare.shift()?.byteLength ?? 0;
  }
}
