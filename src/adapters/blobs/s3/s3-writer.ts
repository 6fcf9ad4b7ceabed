import type { BlobWriter, ByteSource } from '../../../application/ports/blob-store.ts';
import type { StoredBlob } from '../../../domain/media/media.ts';
import type { Bytes } from '../../../domain/shared/bytes.ts';
import { isFailure } from '../../../domain/shared/domain-error.ts';
import { abortable } from '../shared/abortable.ts';
import type { HashingThreads } from '../shared/hashing-threads.ts';
import { PromisedLength } from '../shared/promised-length.ts';
import { unavailable } from '../shared/unavailable.ts';
import type { Bucket } from './bucket.ts';
import { abortUploads, beginUpload, completeUpload } from './multipart.ts';
import type { OpenUpload } from './open-upload.ts';
import type { PartMemory } from './part-memory.ts';
import { Parts } from './parts.ts';

/** Uploads parts to the final key, where they are invisible until the upload is completed. */
export class S3Writer implements BlobWriter {
  readonly #bucket: Bucket;
  readonly #key: string;
  readonly #size: Bytes;
  readonly #memory: PartMemory;
  readonly #threads: HashingThreads;
  readonly #requireOwn: () => Promise<void>;
  readonly #cancelled = new AbortController();
  #began: Promise<OpenUpload> | null = null;
  #parts: Parts | null = null;
  #written: Promise<string> | null = null;
  #committed: Promise<StoredBlob> | null = null;
  #cleared: Promise<void> | null = null;

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

  async write(source: ByteSource, signal: AbortSignal): Promise<string> {
    this.#written = this.#write(source, AbortSignal.any([signal, this.#cancelled.signal]));
    return this.#written;
  }

  async commit(): Promise<StoredBlob> {
    this.#committed ??= this.#commit(this.#cancelled.signal.aborted);
    return this.#committed;
  }

  async cancel(): Promise<void> {
    this.#cancelled.abort(new Error('the write was cancelled'));
    this.#cleared ??= this.#clear();
    return this.#cleared;
  }

  async #write(source: ByteSource, stop: AbortSignal): Promise<string> {
    stop.throwIfAborted();
    await this.#requireOwn();
    stop.throwIfAborted();
    const upload = await (this.#began = beginUpload(this.#bucket, this.#key));
    const track = this.#threads.beginParts();
    const parts = new Parts(this.#bucket, upload, this.#size, this.#memory, track, stop);
    this.#parts = parts;
    try {
      const promised = new PromisedLength(this.#size);
      for await (const chunk of abortable(source, parts.signal)) {
        promised.count(chunk.length);
        await parts.append(chunk);
      }
      promised.end();
      await parts.sent();
      return await track.sha256();
    } catch (error) {
      parts.abort();
      throw error;
    } finally {
      track.release();
    }
  }

  async #commit(cancelled: boolean): Promise<StoredBlob> {
    const sha256 = await this.#written;
    if (sha256 === null || cancelled) throw new Error('commit was called without a completed write');
    const upload = this.#began === null ? null : await this.#began;
    try {
      await completeUpload(this.#bucket, this.#key, this.#size, upload, this.#parts?.all ?? []);
    } catch (error) {
      // The client can send all bytes again.
      throw isFailure(error, 'bytes-missing') ? unavailable(error) : error;
    }
    return { storedBytes: this.#size, sha256, fingerprint: null };
  }

  /** Waits for parts under way: a part that arrives after the abort might stay stored forever. */
  async #clear(): Promise<void> {
    await this.#written?.catch(() => undefined);
    const committed = await this.#committed?.then(
      () => true,
      () => false,
    );
    if (committed === true || this.#began === null) return;
    const upload = await this.#began.catch(() => null);
    await this.#parts?.drained();
    try {
      await (upload === null ? abortUploads(this.#bucket, this.#key) : this.#bucket.abort(upload));
      if (committed === false) await this.#bucket.delete(this.#key);
    } catch {
      // The next `remove` deletes it.
    }
  }
}
