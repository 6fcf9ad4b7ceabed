import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import type { HashedPart, PartsTrack } from '../shared/hashing-threads.ts';
import { unlessAborted } from '../../shared/unless-aborted.ts';
import type { Bucket } from './bucket.ts';
import { partsMissing } from './failures.ts';
import { tailKeyOf } from './keys.ts';
import { beginUpload } from './multipart.ts';
import type { OpenUpload, SentPart } from './open-upload.ts';
import type { PartialBlob } from './partial-blob.ts';
import type { PartHolder, PartMemory } from './part-memory.ts';
import { deleteTails, readTails, type Tail } from './tails.ts';

/** How many parts of one upload are sent at once. */
const MAX_PARALLEL_PARTS = 4;

/** A part of which at least the last bytes are in memory. */
interface Filling {
  /** From 1. */
  readonly number: number;
  /** Where its first byte lies in the blob. */
  readonly at: number;
  /** In bytes. */
  size: number;
  /** Of the memory that it holds. */
  readonly reservedBytes: number;
  bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of the part before this one are in tails, and not in memory. */
  readonly start: number;
  filled: number;
  /** Bytes of the part before this one are in tails, and hashed. */
  saved: number;
  /** Resolves when a thread that hashes them gives the bytes back. */
  lent: Promise<void> | null;
  /** Whether no connection may still send from the bytes. */
  isReusable: boolean;
}

/** The blob whose parts are appended. */
export interface AppendedBlob {
  readonly bucket: Bucket;
  readonly key: string;
  readonly size: Bytes;
  readonly memory: PartMemory;
  /** Released by the caller. */
  readonly track: PartsTrack;
  /** Whether `track` has hashed all bytes before the first append. */
  readonly isHashed: boolean;
}

/**
 * Collects appended bytes into parts and sends them. Bytes of a part that is not full become
 * durable as a tail; when the part is full they are read back into it.
 */
export class AppendedParts {
  readonly #blob: AppendedBlob;
  readonly #partBytes: number;
  readonly #holder: PartHolder;
  readonly #failed = new AbortController();
  readonly #sending = new Set<Promise<void>>();
  readonly #parts: (SentPart | undefined)[];
  /** How many parts from the first one are stored, without a gap. */
  #full: number;
  #tails: readonly Tail[];
  #upload: OpenUpload | null;
  #position: number;
  #size: number;
  #marked: number;
  #filling: Filling | null = null;
  /** Hashes in the order of the bytes: one step begins when the one before it has ended. */
  #steps: Promise<unknown> = Promise.resolve();
  #deleting: Promise<unknown> = Promise.resolve();

  constructor(blob: AppendedBlob, { partBytes, upload, parts, tails }: PartialBlob, position: Bytes) {
    this.#blob = blob;
    this.#size = blob.size;
    this.#partBytes = partBytes;
    this.#upload = upload;
    this.#parts = [...parts];
    this.#full = parts.length;
    this.#tails = tails;
    this.#position = position;
    this.#marked = position;
    this.#holder = { location: blob.bucket, heldBytes: 0 };
  }

  /** Aborts with the reason when bytes cannot be stored. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** How many bytes were appended. */
  get position(): Bytes {
    return bytes(this.#position);
  }

  /** The size of every part but the last. */
  get partBytes(): number {
    return this.#partBytes;
  }

  /** How many bytes are durable, from the first one without a gap. */
  get durable(): Bytes {
    let end = Math.min(this.#full * this.#partBytes, this.#size);
    for (const { at, length } of this.#tails) if (at === end) end += length;
    return bytes(end);
  }

  /** The upload and its parts, once all bytes are durable. */
  get whole(): { readonly upload: OpenUpload | null; readonly parts: readonly SentPart[] } {
    return { upload: this.#upload, parts: this.#parts.filter((part) => part !== undefined) };
  }

  /**
   * Appends bytes, never more than the blob lacks; resolves when more can be appended.
   *
   * @throws the reason of the signal, or of `failed`
   */
  async append(chunk: Uint8Array, signal: AbortSignal): Promise<void> {
    for (let from = 0; from < chunk.length;) {
      const filling = (this.#filling ??= await this.#nextPart(signal));
      while (filling.lent !== null) await filling.lent;
      const piece = chunk.subarray(from, from + filling.size - filling.filled);
      filling.bytes.set(piece, filling.filled);
      filling.filled += piece.length;
      from += piece.length;
      this.#position += piece.length;
      if (filling.filled === filling.size) this.#send(filling);
    }
  }

  /**
   * Makes the bytes durable that were appended before the call: those of a part that is not full as
   * a tail.
   *
   * @throws the reason of `failed`
   */
  async save(): Promise<void> {
    const filling = this.#filling;
    const sending = [...this.#sending];
    if (filling !== null) await this.#saveTail(filling, filling.filled);
    await Promise.all(sending);
    this.failed.throwIfAborted();
  }

  /** Resolves when one of the parts under way is sent. Rejects with the reason of `signal`. */
  async nextSent(signal: AbortSignal): Promise<void> {
    await unlessAborted(Promise.race(this.#sending), AbortSignal.any([signal, this.failed]));
  }

  /** Tails of parts that are full are deleted once `offset` is recorded. */
  recorded(offset: Bytes): void {
    const full = offset === this.#size ? offset : offset - (offset % this.#partBytes);
    const obsolete = this.#tails.filter(({ at, length }) => at + length <= full);
    if (obsolete.length === 0) return;
    this.#tails = this.#tails.filter((tail) => !obsolete.includes(tail));
    // What cannot be deleted now is deleted before the upload is completed.
    this.#deleting = Promise.all([this.#deleting, deleteTails(this.#blob.bucket, obsolete).catch(ignored)]);
  }

  /**
   * Makes the appended bytes all of the blob: sends the last part, whose tails stay.
   *
   * @throws the reason of `failed`
   */
  async shorten(): Promise<void> {
    this.#size = this.#position;
    const end = this.#position % this.#partBytes;
    if (end > 0) {
      const last = (this.#filling ??= await this.#nextPart(this.failed));
      while (last.lent !== null) await last.lent;
      last.size = end;
      this.#send(last);
    }
    await Promise.all(this.#sending);
    this.failed.throwIfAborted();
  }

  mark(): void {
    this.#marked = this.#position;
    this.#blob.track.mark();
  }

  /** Returns to the last mark. Resolves when nothing sends bytes that came after it. */
  async rewind(): Promise<void> {
    this.#position = this.#marked;
    await this.#drained();
    this.#full = Math.min(this.#full, Math.floor(this.#marked / this.#partBytes));
    this.#parts.length = this.#full;
    this.#tails = this.#tails.filter(({ at, length }) => at + length <= this.#marked);
    this.#blob.track.rewind();
  }

  /**
   * Reads appended bytes that no full part has; null where one has.
   *
   * @throws bytes-missing or unavailable
   */
  async read(at: number, length: number): Promise<Uint8Array | null> {
    const filling = this.#filling;
    const position = filling === null ? this.#position : filling.at + filling.start;
    if (at < this.#position - (this.#position % this.#partBytes) || this.#position === this.#size) return null;
    const content = new Uint8Array(length);
    const stored = content.subarray(0, Math.max(0, Math.min(length, position - at)));
    await readTails(this.#blob.bucket, this.#tails, at, stored, this.failed);
    while (filling?.lent) await filling.lent;
    const first = at + stored.length - (filling?.at ?? 0);
    content.set(filling?.bytes.subarray(first, first + length - stored.length) ?? [], stored.length);
    return content;
  }

  /**
   * Drops bytes that are not durable, and what is in memory. Resolves when nothing is sent any
   * more.
   */
  async close(): Promise<void> {
    await this.#drained();
    this.#position = this.durable;
    await this.#deleting;
  }

  /** As `close`, without waiting for parts to arrive. */
  async abort(): Promise<void> {
    this.#failed.abort(new Error('the upload was given up'));
    await this.close();
  }

  async #drained(): Promise<void> {
    await this.#steps.catch(ignored);
    await Promise.all(this.#sending);
    const filling = this.#filling;
    this.#filling = null;
    if (filling === null) return;
    this.#blob.memory.release(this.#holder, filling.reservedBytes, filling.isReusable ? filling.bytes.buffer : null);
  }

  async #nextPart(signal: AbortSignal): Promise<Filling> {
    while (this.#sending.size >= MAX_PARALLEL_PARTS) await this.nextSent(signal);
    const number = Math.floor(this.#position / this.#partBytes) + 1;
    const at = (number - 1) * this.#partBytes;
    const size = Math.min(this.#partBytes, this.#size - at);
    const buffer = await this.#blob.memory.acquire(this.#holder, size, AbortSignal.any([signal, this.failed]));
    const start = this.#position - at;
    const content = new Uint8Array(buffer);
    const bounds = { number, at, size, reservedBytes: size, start, filled: start, saved: start };
    return { ...bounds, bytes: content, lent: null, isReusable: true };
  }

  #send(part: Filling): void {
    this.#filling = null;
    const sending = this.#sendPart(part).finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  /** Never rejects: aborts `failed` with the error. */
  async #sendPart(part: Filling): Promise<void> {
    let spare: ArrayBuffer | null = null;
    try {
      const { upload, buffer, sha256 } = await this.#step(async () => this.#hashPart(part));
      const content = Buffer.from(buffer, 0, part.size);
      const { once, ...sent } = await this.#blob.bucket.sendPart(upload, part.number, content, sha256, this.failed);
      this.#parts[part.number - 1] = sent;
      while (this.#parts[this.#full] !== undefined) this.#full += 1;
      // A connection on which an attempt failed may still be sending from the buffer.
      if (once && part.isReusable) spare = buffer;
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#blob.memory.release(this.#holder, part.reservedBytes, spare);
    }
  }

  async #hashPart(part: Filling): Promise<HashedPart & { readonly upload: OpenUpload }> {
    const { bucket, key, track, isHashed } = this.#blob;
    await readTails(bucket, this.#tails, part.at, part.bytes.subarray(0, part.start), this.failed);
    const upload = (this.#upload ??= await beginUpload(bucket, key));
    return { upload, ...(await track.part(part.bytes.buffer, part.size, 0, isHashed ? part.saved : part.size)) };
  }

  async #saveTail(part: Filling, to: number): Promise<void> {
    try {
      await this.#step(async () => {
        if (part.saved < to) await this.#putTail(part, to);
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #putTail(part: Filling, to: number): Promise<void> {
    const { bucket, key, track, isHashed } = this.#blob;
    const { number, saved: from } = part;
    const hashed = track.part(part.bytes.buffer, to, from, isHashed ? from : to);
    part.lent = hashed.then(
      ({ buffer }) => {
        part.bytes = new Uint8Array(buffer);
        part.lent = null;
      },
      () => void (part.lent = null),
    );
    const { buffer, sha256 } = await hashed;
    const name = { part: number, at: part.at + from, length: to - from };
    const tail = tailKeyOf(key, name);
    const { tag, once } = await bucket.putHashed(tail, Buffer.from(buffer, from, to - from), sha256, this.failed);
    part.isReusable &&= once;
    part.saved = to;
    this.#tails = [...this.#tails, { key: tail, at: name.at, length: name.length, tag }];
  }

  async #step<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#steps.then(step);
    this.#steps = done;
    done.catch(ignored);
    return done;
  }

  #fail(error: unknown): void {
    this.#failed.abort(partsMissing(error) ?? error);
  }
}

function ignored(): void {
  // `failed` has the reason.
}
