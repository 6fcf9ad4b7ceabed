import type { Bytes } from '../../../domain/shared/bytes.ts';
import type { PartsTrack } from '../shared/hashing-threads.ts';
import type { Bucket } from './bucket.ts';
import type { OpenUpload, SentPart } from './open-upload.ts';
import type { PartHolder, PartMemory } from './part-memory.ts';
import { partSizeFor } from './part-sizes.ts';

/** How many parts of one upload are sent at once. */
const MAX_PARALLEL_PARTS = 4;

/** Collects bytes into parts, has each hashed once it is full, and sends a few at a time. */
export class Parts {
  readonly #bucket: Bucket;
  readonly #upload: OpenUpload;
  readonly #size: Bytes;
  readonly #memory: PartMemory;
  readonly #track: PartsTrack;
  readonly #holder: PartHolder;
  readonly #failed = new AbortController();
  readonly #sending = new Set<Promise<void>>();
  readonly #sent: SentPart[] = [];
  #part: Uint8Array<ArrayBuffer> | null = null;
  #filled = 0;
  #allocatedBytes = 0;
  #startedParts = 0;
  /** Aborts with the reason when the upload is stopped or a part cannot be sent. */
  readonly signal: AbortSignal;

  /** The caller releases `track` after the last part or after `abort`. */
  constructor(
    bucket: Bucket,
    upload: OpenUpload,
    size: Bytes,
    memory: PartMemory,
    track: PartsTrack,
    stop: AbortSignal,
  ) {
    this.#bucket = bucket;
    this.#upload = upload;
    this.#size = size;
    this.#memory = memory;
    this.#track = track;
    this.#holder = { location: bucket, heldBytes: 0 };
    this.signal = AbortSignal.any([stop, this.#failed.signal]);
  }

  /** The sent parts, in their order. */
  get all(): readonly SentPart[] {
    return this.#sent;
  }

  /**
   * Appends bytes, never more than promised in total; resolves when more can be appended. Rejects
   * with the reason of `signal`.
   */
  async append(chunk: Uint8Array): Promise<void> {
    for (let from = 0; from < chunk.length;) {
      const part = (this.#part ??= await this.#nextPart());
      const piece = chunk.subarray(from, from + part.length - this.#filled);
      part.set(piece, this.#filled);
      this.#filled += piece.length;
      from += piece.length;
      if (this.#filled === part.length) this.#send(part);
    }
  }

  /** Resolves when every part has been sent. Rejects with the reason of `signal`. */
  async sent(): Promise<void> {
    await this.drained();
    this.signal.throwIfAborted();
  }

  /** Resolves when no part is being sent. */
  async drained(): Promise<void> {
    await Promise.all(this.#sending);
  }

  /** Drops the part that is being filled. Parts being sent end with `signal`. */
  abort(): void {
    this.#failed.abort(new Error('the upload was aborted'));
    if (this.#part !== null) this.#memory.release(this.#holder, this.#part.length, this.#part.buffer);
    this.#part = null;
  }

  async #nextPart(): Promise<Uint8Array<ArrayBuffer>> {
    while (this.#sending.size >= MAX_PARALLEL_PARTS) await Promise.race(this.#sending);
    const size = Math.min(partSizeFor(this.#size, this.#memory.limit), this.#size - this.#allocatedBytes);
    const part = await this.#memory.acquire(this.#holder, size, this.signal);
    this.#allocatedBytes += size;
    this.#filled = 0;
    return new Uint8Array(part);
  }

  #send(part: Uint8Array<ArrayBuffer>): void {
    this.#part = null;
    this.#startedParts += 1;
    const sending = this.#sendPart(part.buffer, part.length, this.#startedParts).finally(() =>
      this.#sending.delete(sending),
    );
    this.#sending.add(sending);
  }

  /** Never rejects: aborts `signal` with the error. */
  async #sendPart(part: ArrayBuffer, size: number, number: number): Promise<void> {
    let spare: ArrayBuffer | null = null;
    try {
      const { buffer, sha256 } = await this.#track.part(part, size);
      const { once, ...sent } = await this.#bucket.sendPart(
        this.#upload,
        number,
        Buffer.from(buffer),
        sha256,
        this.signal,
      );
      this.#sent[number - 1] = sent;
      // A connection on which an attempt failed may still be sending from the buffer.
      if (once) spare = buffer;
    } catch (error) {
      this.#failed.abort(error);
    } finally {
      this.#memory.release(this.#holder, size, spare);
    }
  }
}
