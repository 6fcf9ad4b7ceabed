/** How much is read at a time, while as much is on its way out. Bytes. */
export const CHUNK_BYTES = 512 * 1024;
/** As many are kept for whoever reads next. Chunks. */
const MAX_SPARE_CHUNKS = 16;

/**
 * Memory that is read into again and again: fresh memory for each chunk costs more than to copy the
 * bytes, since the kernel has to make its pages and the garbage collector goes through everything
 * to find out that they are free. What is warmest in the caches goes out first.
 */
export class BufferPool {
  readonly #spare: Buffer[] = [];
  /** Chunks that are with a reader. Those that never come back are the garbage collector's. */
  readonly #lent = new WeakSet<Uint8Array>();

  /** A chunk of `CHUNK` bytes, in which anything may stand. */
  acquire(): Buffer {
    const chunk = this.#spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.#lent.add(chunk);
    return chunk;
  }

  /** Takes one back; once only, and none that is not from here. */
  release(chunk: Uint8Array): void {
    if (this.#lent.delete(chunk) && this.#spare.length < MAX_SPARE_CHUNKS) this.#spare.push(chunk as Buffer);
  }
}
