import type { Bytes } from '../../../domain/shared/bytes.ts';
import type { Bucket, OpenUpload } from './bucket.ts';
import type { PartHolder, PartMemory } from './part-memory.ts';
import { partSizeFor } from './part-sizes.ts';

/** How many parts of one upload are on their way at once. */
const AT_ONCE = 4;

/** Collects bytes into parts and sends each as soon as it is full, a few at a time. */
export class Parts {
  readonly #bucket: Bucket;
  readonly #upload: OpenUpload;
  readonly #size: Bytes;
  readonly #memory: PartMemory;
  readonly #holder: PartHolder;
  readonly #failed = new AbortController();
  readonly #sending = new Set<Promise<void>>();
  readonly #tags: string[] = [];
  #part: Buffer | null = null;
  #filled = 0;
  #taken = 0;
  #begun = 0;
  /** Aborts with the reason when somebody stops the upload, or a part can't be sent. */
  readonly signal: AbortSignal;

  constructor(bucket: Bucket, upload: OpenUpload, size: Bytes, memory: PartMemory, stop: AbortSignal) {
    this.#bucket = bucket;
    this.#upload = upload;
    this.#size = size;
    this.#memory = memory;
    this.#holder = { place: bucket, held: 0 };
    this.signal = AbortSignal.any([stop, this.#failed.signal]);
  }

  /** The tags of the parts that were sent, in their order. */
  get tags(): readonly string[] {
    return this.#tags;
  }

  /** Takes bytes, of which there are never more than promised; resolves when more can come. Fails with the reason of `signal`. */
  async take(chunk: Uint8Array): Promise<void> {
    for (let from = 0; from < chunk.length;) {
      const part = (this.#part ??= await this.#nextPart());
      const piece = chunk.subarray(from, from + part.length - this.#filled);
      part.set(piece, this.#filled);
      this.#filled += piece.length;
      from += piece.length;
      if (this.#filled === part.length) this.#send(part);
    }
  }

  /** Resolves when every part has been sent. Fails with the reason of `signal`. */
  async sent(): Promise<void> {
    await this.settled();
    this.signal.throwIfAborted();
  }

  /** Resolves when nothing is on its way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#sending);
  }

  /** Gives up the part that is being filled; those on their way end with `signal`. */
  drop(): void {
    this.#failed.abort(new Error('the upload was given up'));
    if (this.#part !== null) this.#memory.giveBack(this.#holder, this.#part);
    this.#part = null;
  }

  async #nextPart(): Promise<Buffer> {
    while (this.#sending.size >= AT_ONCE) await Promise.race(this.#sending);
    const size = Math.min(partSizeFor(this.#size, this.#memory.limit), this.#size - this.#taken);
    const part = await this.#memory.take(this.#holder, size, this.signal);
    this.#taken += size;
    this.#filled = 0;
    return part;
  }

  #send(part: Buffer): void {
    this.#part = null;
    this.#begun += 1;
    const sending = this.#sendPart(part, this.#begun).finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  /** Never fails: it aborts `signal` with what went wrong. */
  async #sendPart(part: Buffer, number: number): Promise<void> {
    try {
      this.#tags[number - 1] = await this.#bucket.sendPart(this.#upload, number, part, this.signal);
    } catch (error) {
      this.#failed.abort(error);
    } finally {
      this.#memory.giveBack(this.#holder, part);
    }
  }
}
