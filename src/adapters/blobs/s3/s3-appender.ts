import type { BlobAppender, Checkpoint } from '../../../application/ports/blob-appender.ts';
import type { ByteSource } from '../../../application/ports/blob-store.ts';
import type { StoredBlob } from '../../../domain/media/media.ts';
import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { abortable } from '../shared/abortable.ts';
import type { HashingThreads, PartsTrack } from '../shared/hashing-threads.ts';
import { unavailable } from '../shared/unavailable.ts';
import { AppendedParts } from './appended-parts.ts';
import type { Bucket } from './bucket.ts';
import { completeUpload } from './multipart.ts';
import { PartCheckpoints } from './part-checkpoints.ts';
import { clearPartial, cutOff, findPartial, type PartialBlob } from './partial-blob.ts';
import type { PartMemory } from './part-memory.ts';
import { partSizeFor } from './part-sizes.ts';
import { readBack } from './read-back.ts';
import { readObject } from './s3-reader.ts';

const NEVER = new AbortController().signal;

/**
 * Writes an object in several requests: a multipart upload stays open between them, and bytes that
 * do not fill a part lie in tails. Parts cannot be read before the upload is completed, so
 * `sha256` completes it: no item names the object before `commit`.
 */
export class S3Appender implements BlobAppender {
  readonly #bucket: Bucket;
  readonly #key: string;
  #size: Bytes;
  readonly #memory: PartMemory;
  readonly #threads: HashingThreads;
  readonly #requireOwn: () => Promise<void>;
  #parts: AppendedParts | null = null;
  #track: PartsTrack | null = null;
  /** Whether the track has hashed all bytes. */
  #isHashed = false;
  #isOpen = false;
  #isVisible = false;
  #checkpoints: PartCheckpoints | null = null;
  #rewinding: Promise<void> | null = null;
  #sha256: string | null = null;
  readBackBytes = 0;

  /** `requireOwn` rejects when the bucket is not ours now. */
  constructor(
    bucket: Bucket,
    key: string,
    size: Bytes,
    memory: PartMemory,
    threads: HashingThreads,
    requireOwn: () => Promise<void>,
  ) {
    this.#bucket = bucket;
    this.#key = key;
    this.#size = size;
    this.#memory = memory;
    this.#threads = threads;
    this.#requireOwn = requireOwn;
  }

  get offset(): Bytes {
    return this.#isVisible ? this.#size : (this.#parts?.position ?? bytes(0));
  }

  async open(offset: Bytes, signal: AbortSignal): Promise<void> {
    await this.#requireOwn();
    await this.close();
    signal.throwIfAborted();
    if (this.#parts === null || this.#parts.failed.aborted || this.offset !== offset) await this.#find(offset, signal);
    this.#parts?.recorded(offset);
    this.#isOpen = true;
  }

  async append(source: ByteSource, signal: AbortSignal, checkpoint: Checkpoint | null): Promise<void> {
    const parts = this.#opened();
    const checkpoints = checkpoint && new PartCheckpoints(parts, checkpoint);
    this.#checkpoints = checkpoints;
    const stop = AbortSignal.any([signal, parts.failed]);
    let received: number = parts.position;
    try {
      for await (const chunk of abortable(source, stop)) {
        received += chunk.length;
        if (received > this.#size) throw new DomainError('body-too-long', { promised: this.#size });
        await parts.append(chunk, stop);
        await checkpoints?.keepUp(stop);
      }
    } finally {
      this.#checkpoints = null;
      await checkpoints?.end();
    }
  }

  async checkpoint(): Promise<void> {
    await this.#checkpoints?.now();
  }

  async flush(): Promise<Bytes> {
    const parts = this.#opened();
    await parts.save();
    return parts.durable;
  }

  async shorten(): Promise<void> {
    await this.#opened().shorten();
    this.#size = this.offset;
  }

  mark(): void {
    this.#opened().mark();
  }

  rewind(): void {
    this.#rewinding = this.#opened().rewind();
  }

  async read(at: number, length: number): Promise<Uint8Array | null> {
    if (at + length > this.offset) throw new DomainError('bytes-missing');
    if (!this.#isVisible) return this.#opened().read(at, length);
    const content = new Uint8Array(length);
    let end = 0;
    for await (const chunk of await readObject(this.#bucket, this.#key, { from: at, to: at + length }, NEVER)) {
      content.set(chunk, end);
      end += chunk.length;
    }
    return content;
  }

  async sha256(signal: AbortSignal): Promise<string> {
    await this.#complete();
    this.#sha256 ??= await this.#digest(signal);
    return this.#sha256;
  }

  async commit(): Promise<StoredBlob> {
    await this.#complete();
    return { storedBytes: this.#size, sha256: this.#sha256, fingerprint: null };
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#rewinding;
    this.#rewinding = null;
    await this.#parts?.close();
  }

  async discard(): Promise<void> {
    this.#isOpen = false;
    await this.#forget();
  }

  #opened(): AppendedParts {
    if (!this.#isOpen || this.#parts === null) throw new Error('the appender is not open');
    return this.#parts;
  }

  /** All bytes are there, and a crash came between the completion and the record of it: visible. */
  async #find(offset: Bytes, signal: AbortSignal): Promise<void> {
    await this.#forget();
    const partBytes = partSizeFor(this.#size, this.#memory.limit);
    const isVisible = offset === this.#size && (await this.#bucket.sizeOf(this.#key)) === this.#size;
    let found: PartialBlob = { partBytes, upload: null, parts: [], tails: [] };
    if (offset > 0 && !isVisible) {
      const partial = await findPartial(this.#bucket, this.#key, this.#size, offset, partBytes);
      if (partial.partBytes > this.#memory.limit) throw tooLarge(partial);
      signal.throwIfAborted();
      await cutOff(this.#bucket, this.#key, partial);
      found = partial;
    } else {
      signal.throwIfAborted();
      await clearPartial(this.#bucket, this.#key);
    }
    this.#isVisible = isVisible;
    this.#isHashed = offset === 0;
    this.#track = this.#threads.beginParts();
    const blob = { bucket: this.#bucket, key: this.#key, size: this.#size, memory: this.#memory };
    this.#parts = new AppendedParts({ ...blob, track: this.#track, isHashed: this.#isHashed }, found, offset);
  }

  async #complete(): Promise<void> {
    if (this.#isVisible) return;
    const { durable, whole } = this.#opened();
    if (durable !== this.#size) throw new Error('the upload is not complete');
    // Before it is visible: what is deleted later might stay after a crash.
    await clearPartial(this.#bucket, this.#key, whole.upload?.uploadId);
    await completeUpload(this.#bucket, this.#key, this.#size, whole.upload, whole.parts);
    this.#isVisible = true;
  }

  async #digest(signal: AbortSignal): Promise<string> {
    if (this.#track !== null && this.#isHashed) return this.#track.sha256();
    const track = this.#threads.beginParts();
    try {
      const all = { from: 0, to: this.#size };
      await readBack(this.#bucket, this.#key, all, track, signal, (read) => (this.readBackBytes += read));
      return await track.sha256();
    } finally {
      track.release();
    }
  }

  async #forget(): Promise<void> {
    await this.#parts?.abort();
    this.#track?.release();
    this.#parts = null;
    this.#track = null;
    this.#isVisible = false;
    this.#sha256 = null;
  }
}

function tooLarge({ partBytes }: PartialBlob): DomainError {
  return unavailable(new Error(`its parts of ${partBytes} bytes exceed PLATTER_S3_MEMORY`));
}
