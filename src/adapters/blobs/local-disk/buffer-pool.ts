/** The size of one read. One chunk is read while the one before it is sent. */
export const CHUNK_BYTES = 512 * 1024;
/** How many unused chunks the pool keeps. */
const MAX_IDLE_CHUNKS = 16;

/**
 * Reuses memory for reads. Allocating each chunk costs more than copying its bytes, since the
 * kernel has to map its pages and the garbage collector has to find that they are free. Hands out
 * the most recently used chunk first, which is likely still in the CPU's caches.
 */
export class BufferPool {
  readonly #spare: Buffer[] = [];
  /** Chunks in use. Chunks that are never released are left to the garbage collector. */
  readonly #lent = new WeakSet<Uint8Array>();

  /** Returns a chunk of `CHUNK_BYTES` bytes with arbitrary content. */
  acquire(): Buffer {
    const chunk = this.#spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.#lent.add(chunk);
    return chunk;
  }

  /**
   * Returns a chunk to the pool. Do not touch it afterwards. Ignores chunks that are not in use.
   */
  release(chunk: Uint8Array): void {
    if (this.#lent.delete(chunk) && this.#spare.length < MAX_IDLE_CHUNKS) this.#spare.push(chunk as Buffer);
  }
}
