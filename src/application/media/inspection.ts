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

/** Returns stored bytes; null if they cannot be read yet. */
export type ReadStored = (at: number, length: number) => Promise<Uint8Array | null>;

/** Accepts an image by its facts, or throws the reason of its refusal. */
export type Judge = (facts: ImageFacts) => Promise<void>;

/**
 * Inspects bytes that stream through. Keeps only their head, their tail and the parts that the
 * format names.
 */
export class Inspection {
  readonly #size: Bytes;
  readonly #maxVirtualBytes: Bytes | null;
  readonly #judge: Judge;
  readonly #head: Uint8Array;
  readonly #tail: Uint8Array;
  readonly #parts: Part[] = [];
  /**
   * The part that is being collected: the head, then each part that the format names; null when no
   * more are needed.
   */
  #collecting: Part | null;
  #accepted: ImageFacts | null = null;
  #passed = 0;
  /** Whether bytes passed before that could not be read yet. */
  #isDeferred = false;

  /**
   * `size` is the number of bytes that will pass; `maxVirtualBytes` the largest disk that a guest
   * may see, or null.
   */
  constructor(size: Bytes, maxVirtualBytes: Bytes | null, judge: Judge) {
    this.#size = size;
    this.#maxVirtualBytes = maxVirtualBytes;
    this.#judge = judge;
    this.#head = new Uint8Array(Math.min(size, HEAD_BYTES));
    this.#tail = new Uint8Array(Math.min(size, TAIL_BYTES));
    this.#collecting = { at: 0, content: this.#head };
  }

  /** How many bytes have passed. */
  get passed(): number {
    return this.#passed;
  }

  /**
   * Continues behind `passed` bytes that were stored before: reads those that it needs to see. If
   * `read` returns null, because they cannot be read yet, nothing is judged before `catchUp`.
   *
   * @throws as `through`, or what `read` throws
   */
  async resume(passed: Bytes, read: ReadStored): Promise<void> {
    const readInto = async (window: Uint8Array, at: number): Promise<boolean> => {
      const length = Math.min(window.length, passed - at);
      const content = length > 0 ? await read(at, length) : new Uint8Array();
      if (content !== null) window.set(content);
      return content !== null;
    };
    this.#passed = passed;
    this.#isDeferred = !(await readInto(this.#tail, this.#size - this.#tail.length));
    while (this.#collecting !== null) {
      const { at, content } = this.#collecting;
      this.#isDeferred ||= !(await readInto(content, at));
      if (this.#isDeferred || passed < at + content.length) break;
      if (at > 0) this.#parts.push(this.#collecting);
      this.#collecting = this.#next();
    }
    if (this.#isDeferred) this.#collecting = null;
    else if (this.#collecting === null && passed < this.#size) await this.#judgeOnce(null);
  }

  /** Reads what `resume` could not read. Call it once all bytes can be read, before `facts`. */
  async catchUp(read: ReadStored): Promise<void> {
    if (!this.#isDeferred) return;
    this.#parts.length = 0;
    this.#collecting = { at: 0, content: this.#head };
    await this.resume(this.#size, read);
  }

  /**
   * Yields the bytes of `source`; calls `confirm` before each chunk of them.
   *
   * @throws `format-refused`, or what the judge throws, as soon as the passed bytes decide it
   * @throws what `confirm` throws
   */
  async *through(source: ByteSource, confirm?: () => void): ByteSource {
    for await (const chunk of source) {
      confirm?.();
      copyOverlap(this.#tail, chunk, this.#passed - (this.#size - this.#tail.length));
      const isDecided = this.#collect(chunk);
      this.#passed += chunk.length;
      // When all bytes have passed, `facts` judges them together with the tail.
      if (isDecided && this.#passed < this.#size) await this.#judgeOnce(null);
      yield chunk;
    }
  }

  /**
   * Resolves with the image facts. Call it after all bytes have passed.
   *
   * @throws as `through`
   */
  async facts(): Promise<ImageFacts> {
    return this.#judgeOnce(this.#tail);
  }

  async #judgeOnce(tail: Uint8Array | null): Promise<ImageFacts> {
    const facts = inspectImage(this.#head, tail, this.#size, this.#parts);
    requireFormat(facts, this.#maxVirtualBytes);
    if (facts.format !== this.#accepted?.format || facts.virtualSize !== this.#accepted.virtualSize)
      await this.#judge(facts);
    this.#accepted = facts;
    return facts;
  }

  /** Returns whether this chunk completed the last needed part. */
  #collect(chunk: Uint8Array): boolean {
    while (this.#collecting !== null) {
      const { at, content } = this.#collecting;
      copyOverlap(content, chunk, this.#passed - at);
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

/** Copies the overlap of `chunk` and `window`; `at` is the offset of the chunk in the window. */
function copyOverlap(window: Uint8Array, chunk: Uint8Array, at: number): void {
  const from = Math.max(0, -at);
  const to = Math.min(chunk.length, window.length - at);
  if (from < to) window.set(chunk.subarray(from, to), at + from);
}
