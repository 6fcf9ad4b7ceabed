import { createHash } from 'node:crypto';
import type { Bytes } from '../../../domain/shared/bytes.ts';
import { PromisedLength } from './promised-length.ts';

/** Counts and hashes bytes of which a certain number was promised. */
export class Metered {
  readonly #length: PromisedLength;
  readonly #hash = createHash('sha256');

  constructor(promised: Bytes) {
    this.#length = new PromisedLength(promised);
  }

  /** To be called with each chunk before it is kept. Fails with `body-too-long`. */
  take(chunk: Uint8Array): void {
    this.#length.take(chunk.length);
    this.#hash.update(chunk);
  }

  /** To be called after the last chunk. Fails with `body-too-short`. */
  end(): void {
    this.#length.end();
  }

  /** SHA-256 of all that was taken, in lower-case hex. To be asked once, after the end. */
  sha256(): string {
    return this.#hash.digest('hex');
  }
}
