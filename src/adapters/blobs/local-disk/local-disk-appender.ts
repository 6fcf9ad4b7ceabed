import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BlobAppender, Checkpoint } from '../../../application/ports/blob-appender.ts';
import type { ByteSource } from '../../../application/ports/blob-store.ts';
import type { StoredBlob } from '../../../domain/media/media.ts';
import type { LeaseEnd } from '../../../application/ports/lease-end.ts';
import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { syncFolder } from '../../shared/sync-folder.ts';
import type { FileTrack, HashingThreads } from '../shared/hashing-threads.ts';
import { Appending } from './appending.ts';
import type { SyncQueue } from './checkpoints.ts';
import { systemCode, translate } from './failures.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { BlobPaths } from './paths.ts';
import { modeOf, openRegular } from './regular-file.ts';
import { renameDurably } from './rename-durably.ts';

/** How much is read back at once, between two writes. */
const READ_BACK_BYTES = 4 * 1024 * 1024;

/** Writes a file beside its target in several requests, and renames it in the end. */
export class LocalDiskAppender implements BlobAppender {
  readonly #paths: BlobPaths;
  #size: Bytes;
  readonly #threads: HashingThreads;
  readonly #syncs: SyncQueue;
  readonly #requireFolder: () => Promise<void>;
  #file: FileHandle | null = null;
  #track: FileTrack | null = null;
  #appending: Appending | null = null;
  #readingBack: Promise<void> | null = null;
  /** What a write failed with; the track and the file differ then. */
  #broken: unknown = null;
  #sha256: string | null = null;
  #isVisible = false;
  readBackBytes = 0;

  /** `requireFolder` fails when the pool's folder is not mounted. */
  constructor(
    paths: BlobPaths,
    size: Bytes,
    threads: HashingThreads,
    syncs: SyncQueue,
    requireFolder: () => Promise<void>,
  ) {
    this.#paths = paths;
    this.#size = size;
    this.#threads = threads;
    this.#syncs = syncs;
    this.#requireFolder = requireFolder;
  }

  get offset(): Bytes {
    return bytes(this.#track?.position ?? 0);
  }

  async open(offset: Bytes, signal: AbortSignal, until?: LeaseEnd): Promise<void> {
    await this.#requireFolder();
    await this.close();
    signal.throwIfAborted();
    const file = await this.#opened(offset);
    this.#file = file;
    try {
      if (offset === 0) await this.#onDisk(syncFolder(dirname(this.#paths.partial)));
      const { size } = await this.#onDisk(file.stat());
      if (size < offset) throw new DomainError('bytes-missing');
      signal.throwIfAborted();
      if (this.#broken !== null || this.#track?.position !== offset) this.#forget();
      this.#track ??= this.#threads.beginFile(offset);
      this.#track.continueIn(file.fd, until);
      if (size > offset) await this.#onDisk(this.#track.truncate(offset));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async append(source: ByteSource, signal: AbortSignal, checkpoint: Checkpoint | null): Promise<void> {
    const [file, track] = this.#open();
    const appending = new Appending({ file, track, size: this.#size, syncs: this.#syncs }, checkpoint);
    this.#appending = appending;
    const stopReading = new AbortController();
    const readingBack = this.#readBackAll(AbortSignal.any([stopReading.signal, appending.failed])).catch(
      (error: unknown) => appending.fail(error),
    );
    try {
      await appending.run(source, signal);
    } finally {
      this.#appending = null;
      stopReading.abort();
      await readingBack;
      if (appending.failed.aborted) this.#broken ??= appending.failed.reason;
    }
    if (this.#broken !== null) throw this.#broken as Error;
  }

  async checkpoint(): Promise<void> {
    await this.#appending?.checkpoint();
  }

  async flush(): Promise<Bytes> {
    const [file, track] = this.#open();
    if (this.#broken !== null) throw this.#broken as Error;
    try {
      await this.#onDisk(this.#syncs.run(async () => file.datasync()));
    } catch (error) {
      // The kernel reports a failed write once: the next sync would succeed.
      this.#broken = error;
      throw error;
    }
    return bytes(track.position);
  }

  async shorten(): Promise<void> {
    this.#size = this.offset;
    return Promise.resolve();
  }

  mark(): void {
    const [, track] = this.#open();
    track.mark();
  }

  rewind(): void {
    const [, track] = this.#open();
    track.rewind();
  }

  async read(at: number, length: number): Promise<Uint8Array> {
    const [file] = this.#open();
    const content = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.#onDisk(file.read(content, done, length - done, at + done));
      if (bytesRead === 0) throw new DomainError('bytes-missing');
      done += bytesRead;
    }
    return content;
  }

  async sha256(signal: AbortSignal): Promise<string> {
    const [, track] = this.#open();
    await this.#onDisk(this.#readBackAll(signal));
    signal.throwIfAborted();
    this.#sha256 ??= await this.#onDisk(track.sha256());
    return this.#sha256;
  }

  async commit(writable: boolean): Promise<StoredBlob> {
    const [file] = this.#open();
    await this.#onDisk(file.chmod(modeOf(writable)));
    await this.#onDisk(this.#syncs.run(async () => file.sync()));
    // The filesystem may be gone since the file was opened below its mount point.
    await this.#requireFolder();
    const fingerprint = fingerprintOf(await this.#onDisk(file.stat({ bigint: true })));
    if (!this.#isVisible) await this.#onDisk(renameDurably(this.#paths.partial, this.#paths.visible));
    this.#isVisible = true;
    return { storedBytes: this.#size, sha256: this.#sha256, fingerprint };
  }

  async close(): Promise<void> {
    await this.#readingBack?.catch(() => undefined);
    const file = this.#file;
    this.#file = null;
    await file?.close().catch(() => undefined);
  }

  async discard(): Promise<void> {
    await this.close();
    this.#forget();
  }

  #open(): readonly [FileHandle, FileTrack] {
    if (this.#file === null || this.#track === null) throw new Error('the appender is not open');
    return [this.#file, this.#track];
  }

  #forget(): void {
    this.#track?.release();
    this.#track = null;
    this.#sha256 = null;
    this.#broken = null;
  }

  /** All bytes are there, and a crash came between the rename and the record of it: visible. */
  async #opened(offset: Bytes): Promise<FileHandle> {
    try {
      return await openRegular(this.#paths.partial, offset > 0 ? 'change' : 'ensure');
    } catch (error) {
      if (systemCode(error) !== 'ENOENT' || offset < this.#size) throw await this.#missing(error);
    }
    try {
      const file = await openRegular(this.#paths.visible, 'change');
      this.#isVisible = true;
      return file;
    } catch (error) {
      throw await this.#missing(error);
    }
  }

  /** An upload ends with `bytes-missing`: not because its filesystem was just unmounted. */
  async #missing(error: unknown): Promise<unknown> {
    if (systemCode(error) !== 'ENOENT') return translate(error, this.#size);
    await this.#requireFolder();
    return new DomainError('bytes-missing', undefined, { cause: error });
  }

  /** Hashes what another process wrote, in pieces, so that writes get their turns between them. */
  async #readBackAll(signal: AbortSignal): Promise<void> {
    this.#readingBack ??= this.#readBack(signal).finally(() => (this.#readingBack = null));
    await this.#readingBack;
  }

  async #readBack(signal: AbortSignal): Promise<void> {
    const [, track] = this.#open();
    while (track.hashed < track.position && !signal.aborted)
      this.readBackBytes += await track.readBack(READ_BACK_BYTES);
  }

  /** Tells failures of the filesystem from those of the source, whose errors may look the same. */
  async #onDisk<T>(step: Promise<T>): Promise<T> {
    try {
      return await step;
    } catch (error) {
      throw translate(error, this.#size);
    }
  }
}
