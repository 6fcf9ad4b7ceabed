import type { Part } from '../../domain/media/formats/image.ts';
import {
  HEAD_BYTES,
  inspectImage,
  nextPart,
  TAIL_BYTES,
  type ImageFacts,
} from '../../domain/media/formats/inspect-image.ts';
import { requireFormat } from '../../domain/media/formats/require-format.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { ByteSource } from '../ports/blob-store.ts';

/** Decides whether an image is taken by what it was found to be; fails where it is not. */
export type Judge = (facts: ImageFacts) => Promise<void>;

/**
 * Looks at the beginning and the end of bytes as they pass, and keeps only those, and what the
 * format asks for between them.
 */
export class Inspection {
  readonly #size: Bytes;
  readonly #maxVirtualBytes: Bytes | null;
  readonly #judge: Judge;
  readonly #head: Uint8Array;
  readonly #tail: Uint8Array;
  readonly #parts: Part[] = [];
  /**
   * What is being collected: the head, then one part after the other; null once nothing more is
   * asked for.
   */
  #collecting: Part | null;
  #judged: ImageFacts | null = null;
  #passed = 0;

  /**
   * `size` is how many bytes will pass; `mostVirtual` the most that a guest may see of them, or
   * null.
   */
  constructor(size: Bytes, maxVirtualBytes: Bytes | null, judge: Judge) {
    this.#size = size;
    this.#maxVirtualBytes = maxVirtualBytes;
    this.#judge = judge;
    this.#head = new Uint8Array(Math.min(size, HEAD_BYTES));
    this.#tail = new Uint8Array(Math.min(size, TAIL_BYTES));
    this.#collecting = { at: 0, content: this.#head };
  }

  /**
   * Hands the bytes of `source` on. Fails with `format-refused`, or with what the judge fails with,
   * as soon as the bytes that have passed decide it.
   */
  async *through(source: ByteSource): ByteSource {
    for await (const chunk of source) {
      keep(this.#tail, chunk, this.#passed - (this.#size - this.#tail.length));
      const isDecided = this.#collect(chunk);
      this.#passed += chunk.length;
      // What is all there is judged with its end, once its length is known to be right.
      if (isDecided && this.#passed < this.#size) await this.#take(null);
      yield chunk;
    }
  }

  /**
   * Resolves with what the bytes were found to be, once all of them have passed. Fails as
   * `through`.
   */
  async facts(): Promise<ImageFacts> {
    return this.#take(this.#tail);
  }

  async #take(tail: Uint8Array | null): Promise<ImageFacts> {
    const facts = inspectImage(this.#head, tail, this.#size, this.#parts);
    requireFormat(facts, this.#maxVirtualBytes);
    if (facts.format !== this.#judged?.format || facts.virtualSize !== this.#judged.virtualSize)
      await this.#judge(facts);
    this.#judged = facts;
    return facts;
  }

  /** Returns whether this chunk completed all that is asked for. */
  #collect(chunk: Uint8Array): boolean {
    while (this.#collecting !== null) {
      const { at, content } = this.#collecting;
      keep(content, chunk, this.#passed - at);
      if (this.#passed + chunk.length < at + content.length) return false;
      if (at > 0) this.#parts.push(this.#collecting);
      this.#collecting = this.#next();
      if (this.#collecting === null) return true;
    }
    return false;
  }

  #next(): Part | null {
    const next = nextPart(this.#head, this.#size, this.#parts);
    if (next === null) return null;
    return { at: next.at, content: new Uint8Array(next.length) };
  }
}

/**
 * Copies what of `chunk` falls into `window`, where the chunk begins at `at` from the window's
 * beginning.
 */
function keep(window: Uint8Array, chunk: Uint8Array, at: number): void {
  const from = Math.max(0, -at);
  const to = Math.min(chunk.length, window.length - at);
  if (from < to) window.set(chunk.subarray(from, to), at + from);
}
