import { HEAD_BYTES, inspectImage, TAIL_BYTES, type ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import { requireFormat } from '../../domain/media/formats/require-format.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { ByteSource } from '../ports/blob-store.ts';

/** Looks at the beginning and the end of bytes as they pass, and keeps only those. */
export class Inspection {
  readonly #size: Bytes;
  readonly #mostVirtual: Bytes | null;
  readonly #head: Uint8Array;
  readonly #tail: Uint8Array;
  #passed = 0;

  /** `size` is how many bytes will pass; `mostVirtual` the most that a guest may see of them, or null. */
  constructor(size: Bytes, mostVirtual: Bytes | null) {
    this.#size = size;
    this.#mostVirtual = mostVirtual;
    this.#head = new Uint8Array(Math.min(size, HEAD_BYTES));
    this.#tail = new Uint8Array(Math.min(size, TAIL_BYTES));
  }

  async *through(source: ByteSource): ByteSource {
    for await (const chunk of source) {
      keep(this.#head, chunk, this.#passed);
      keep(this.#tail, chunk, this.#passed - (this.#size - this.#tail.length));
      this.#passed += chunk.length;
      yield chunk;
    }
  }

  /** What the bytes were found to be, once all of them have passed. Fails with `format-refused`. */
  facts(): ImageFacts {
    const facts = inspectImage(this.#head, this.#tail, this.#size);
    requireFormat(facts, this.#mostVirtual);
    return facts;
  }
}

/** Copies what of `chunk` falls into `window`, where the chunk begins at `at` from the window's beginning. */
function keep(window: Uint8Array, chunk: Uint8Array, at: number): void {
  const from = Math.max(0, -at);
  const to = Math.min(chunk.length, window.length - at);
  if (from < to) window.set(chunk.subarray(from, to), at + from);
}
