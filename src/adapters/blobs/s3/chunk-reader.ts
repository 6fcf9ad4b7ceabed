import type { ByteSource } from '../../../application/ports/blob-store.ts';
import { bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import type { Chunk } from '../../../domain/uploads/chunks.ts';
import { abortable } from '../shared/abortable.ts';

/** Reads exactly the bytes of one chunk from a body. */
export class ChunkReader {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #promised: number;
  #received = 0;
  #rest: Uint8Array = new Uint8Array();

  constructor(source: ByteSource, { from, to }: Chunk, signal: AbortSignal) {
    this.#source = abortable(source, signal)[Symbol.asyncIterator]();
    this.#promised = to - from;
  }

  /**
   * Fills `target` with the next bytes.
   *
   * @throws body-too-short, what the body threw, or the reason of the signal
   */
  async fill(target: Uint8Array): Promise<void> {
    for (let filled = 0; filled < target.length;) {
      if (!(await this.#hasMore())) {
        const [promised, received] = [bytes(this.#promised), bytes(this.#received)];
        throw new DomainError('body-too-short', { promised, received });
      }
      const piece = this.#rest.subarray(0, target.length - filled);
      target.set(piece, filled);
      filled += piece.length;
      this.#received += piece.length;
      this.#rest = this.#rest.subarray(piece.length);
    }
  }

  /** @throws body-too-long when there are more bytes */
  async end(): Promise<void> {
    if (await this.#hasMore()) throw new DomainError('body-too-long', { promised: bytes(this.#promised) });
  }

  /** Leaves the body. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #hasMore(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) return false;
      this.#rest = next.value;
    }
    return true;
  }
}
