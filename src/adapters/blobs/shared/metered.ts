import { createHash } from 'node:crypto';
import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';

/** Counts and hashes bytes of which a certain number was promised. */
export class Metered {
  readonly #promised: Bytes;
  readonly #hash = createHash('sha256');
  #received = 0;

  constructor(promised: Bytes) {
    this.#promised = promised;
  }

  /** To be called with each chunk before it is kept. Fails with `body-too-long`. */
  take(chunk: Uint8Array): void {
    this.#received += chunk.length;
    if (this.#received > this.#promised) throw new DomainError('body-too-long', { promised: this.#promised });
    this.#hash.update(chunk);
  }

  /** To be called after the last chunk. Fails with `body-too-short`. */
  end(): void {
    if (this.#received < this.#promised) {
      throw new DomainError('body-too-short', { promised: this.#promised, received: bytes(this.#received) });
    }
  }

  /** SHA-256 of all that was taken, in lower-case hex. To be asked once, after the end. */
  sha256(): string {
    return this.#hash.digest('hex');
  }
}
