/** A request body that a test releases step by step. */
export class ThrottledBody {
  readonly #bytes: Uint8Array;
  #open = 0;
  #sent = 0;
  #wake: (() => void) | null = null;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Releases the body up to this many bytes in all; without a number, to the end. */
  open(bytes = this.#bytes.length): void {
    this.#open = bytes;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (this.#sent < this.#bytes.length) {
      if (this.#sent < this.#open) {
        const piece = this.#bytes.subarray(this.#sent, this.#open);
        this.#sent += piece.length;
        yield piece;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }
}
