import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';

/** Counts received bytes against the promised number. */
export class PromisedLength {
  readonly #promised: Bytes;
  #received = 0;

  constructor(promised: Bytes) {
    this.#promised = promised;
  }

  /**
   * Call it with the length of each chunk before the chunk is stored.
   *
   * @throws body-too-long
   */
  count(length: number): void {
    this.#received += length;
    if (this.#received > this.#promised) throw new DomainError('body-too-long', { promised: this.#promised });
  }

  /**
   * Call it after the last chunk.
   *
   * @throws body-too-short
   */
  end(): void {
    if (this.#received < this.#promised) {
      throw new DomainError('body-too-short', { promised: this.#promised, received: bytes(this.#received) });
    }
  }
}
