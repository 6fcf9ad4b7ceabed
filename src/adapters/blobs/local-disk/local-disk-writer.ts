import { createHash } from 'node:crypto';
import { rm, type FileHandle } from 'node:fs/promises';
import type { BlobTerms, BlobWriter, ByteSource } from '../../../application/ports/blob-store.ts';
import type { StoredBlob } from '../../../domain/media/media.ts';
import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { abortable } from '../shared/abortable.ts';
import type { HashingThreads } from '../shared/hashing-threads.ts';
import { PromisedLength } from '../shared/promised-length.ts';
import { Appending } from './appending.ts';
import type { SyncQueue } from './checkpoints.ts';
import { renameDurably } from './rename-durably.ts';
import { translate } from './failures.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { BlobPaths } from './paths.ts';
import { openRegular } from './regular-file.ts';
import { writeBlocks } from './sparse-copy.ts';

/**
 * Writes to a partial file and renames it: count → fsync, partly during the write → rename → fsync
 * of the folder.
 */
export class LocalDiskWriter implements BlobWriter {
  readonly #paths: BlobPaths;
  readonly #size: Bytes;
  readonly #terms: BlobTerms;
  readonly #requireFolder: () => Promise<void>;
  readonly #threads: HashingThreads;
  readonly #syncs: SyncQueue;
  readonly #cancelled = new AbortController();
  #file: FileHandle | null = null;
  #written: Promise<string> | null = null;
  #committed: Promise<StoredBlob> | null = null;

  /**
   * With `terms.sparse`, blocks of zeros become holes. `requireFolder` rejects when the pool's
   * folder is missing: bytes must not be written below an empty mount point.
   */
  constructor(
    paths: BlobPaths,
    size: Bytes,
    terms: BlobTerms,
    threads: HashingThreads,
    syncs: SyncQueue,
    requireFolder: () => Promise<void>,
  ) {
    this.#paths = paths;
    this.#size = size;
    this.#terms = terms;
    this.#threads = threads;
    this.#syncs = syncs;
    this.#requireFolder = requireFolder;
  }

  async write(source: ByteSource, signal: AbortSignal): Promise<string> {
    this.#written = this.#write(source, AbortSignal.any([signal, this.#cancelled.signal]));
    return this.#written;
  }

  async commit(): Promise<StoredBlob> {
    this.#committed ??= this.#commit();
    return this.#committed;
  }

  /**
   * Waits for writes under way: if the file were closed first, such a write could go to the file
   * that gets its descriptor.
   */
  async cancel(): Promise<void> {
    this.#cancelled.abort(new Error('the write was cancelled'));
    await this.#written?.catch(() => undefined);
    await this.#committed?.catch(() => undefined);
    const file = this.#file;
    if (file === null) return;
    this.#file = null;
    await file.close().catch(() => undefined);
    await rm(this.#paths.partial, { force: true }).catch(() => undefined);
  }

  async #write(source: ByteSource, stop: AbortSignal): Promise<string> {
    stop.throwIfAborted();
    await this.#requireFolder();
    stop.throwIfAborted();
    const file = await this.#onDisk(openRegular(this.#paths.partial, 'create', this.#terms.writable));
    this.#file = file;
    return this.#terms.sparse === true ? this.#writeBlocks(file, source, stop) : this.#writeAll(file, source, stop);
  }

  async #writeAll(file: FileHandle, source: ByteSource, stop: AbortSignal): Promise<string> {
    const track = this.#threads.beginFile(0);
    track.continueIn(file.fd);
    try {
      const size = this.#size;
      await new Appending({ file, track, size, syncs: this.#syncs }, null).run(source, stop);
      const received = bytes(track.position);
      if (received < size) throw new DomainError('body-too-short', { promised: size, received });
      return await track.sha256();
    } finally {
      track.release();
    }
  }

  async #writeBlocks(file: FileHandle, source: ByteSource, stop: AbortSignal): Promise<string> {
    const promised = new PromisedLength(this.#size);
    const hash = createHash('sha256');
    let at = 0;
    for await (const chunk of abortable(source, stop)) {
      promised.count(chunk.length);
      hash.update(chunk);
      const part = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      await writeBlocks(file, part, at, async (step) => this.#onDisk(step));
      at += chunk.length;
    }
    promised.end();
    await this.#onDisk(file.truncate(this.#size));
    return hash.digest('hex');
  }

  async #commit(): Promise<StoredBlob> {
    const sha256 = await this.#written;
    const file = this.#file;
    if (file === null) throw new Error('commit was called without a completed write');
    await this.#onDisk(file.sync());
    // The filesystem may have been unmounted after the first check. Then the partial file is hidden
    // below its mount point.
    await this.#requireFolder();
    const fingerprint = fingerprintOf(await this.#onDisk(file.stat({ bigint: true })));
    await this.#onDisk(renameDurably(this.#paths.partial, this.#paths.visible));
    this.#file = null;
    await file.close().catch(() => undefined);
    return { storedBytes: this.#size, sha256, fingerprint };
  }

  /** Translates errors of the filesystem only. Errors of the source may look the same. */
  async #onDisk<T>(step: Promise<T>): Promise<T> {
    try {
      return await step;
    } catch (error) {
      throw translate(error, this.#size);
    }
  }
}
