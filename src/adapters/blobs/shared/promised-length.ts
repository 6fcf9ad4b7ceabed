import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';

/** Counts bytes of which a certain number was promised. */
export class PromisedLength {
  readonly #promised: Bytes;
  #received = 0;

  constructor(promised: Bytes) {
    this.#promised = promised;
  }

  /** To be called with the length of each chunk before it is kept. Fails with `body-too-long`. */
  count(length: number): void {
    this.#received += length;
    if (this.#received > this.#promised) throw new DomainError('body-too-long', { promised: this.#promised });
  }

  /** To be called after the last chunk. Fails with `body-too-short`. */
  end(): void {
    if (this.#received < this.#promised) {
      throw new DomainError('body-too-short', { promised: this.#promised, received: bytes(this.#received) });
    }
  }
}
