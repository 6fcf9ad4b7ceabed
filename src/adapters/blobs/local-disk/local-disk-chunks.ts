import { lstat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BlobChunks, ByteRange } from '../../../application/ports/blob-chunks.ts';
import type { ByteSource } from '../../../application/ports/blob-store.ts';
import type { LeaseEnd } from '../../../application/ports/lease-end.ts';
import type { StoredBlob } from '../../../domain/media/media.ts';
import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import type { Chunk } from '../../../domain/uploads/chunks.ts';
import { syncFolder } from '../../shared/sync-folder.ts';
import type { FileTrack, HashingThreads } from '../shared/hashing-threads.ts';
import { unavailable } from '../shared/unavailable.ts';
import { Appending } from './appending.ts';
import type { SyncQueue } from './checkpoints.ts';
import { systemCode, translate } from './failures.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { BlobPaths } from './paths.ts';
import { modeOf, openRegular } from './regular-file.ts';
import { renameDurably } from './rename-durably.ts';
import { SharedFile } from './shared-file.ts';

/** How much is read back at once, between two writes. */
const READ_BACK_BYTES = 4 * 1024 * 1024;

/** What all files of a location share. */
export interface LocalDisk {
  readonly threads: HashingThreads;
  readonly syncs: SyncQueue;
  /** Fails when the pool's folder is not mounted. */
  readonly requireFolder: () => Promise<void>;
}

/** Writes the chunks of a file where they belong, beside its target, and renames it in the end. */
export class LocalDiskChunks implements BlobChunks {
  readonly #paths: BlobPaths;
  readonly #length: Bytes;
  readonly #disk: LocalDisk;
  readonly #file: SharedFile;
  /** Whether the file exists, durably. */
  #isBegun: boolean;
  #isLinked = false;
  #isVisible = false;
  #isDiscarded = false;
  #prefix = 0;
  /** Digests the whole file. */
  #track: FileTrack | null = null;
  /** The chunks that arrive at the moment. */
  readonly #writing = new Set<FileTrack>();
  #following: Promise<void> | null = null;
  #hashing: Promise<void> | null = null;
  #sha256: string | null = null;
  readBackBytes = 0;

  constructor(paths: BlobPaths, length: Bytes, isBegun: boolean, disk: LocalDisk) {
    this.#paths = paths;
    this.#length = length;
    this.#isBegun = isBegun;
    this.#disk = disk;
    this.#file = new SharedFile(async () => this.#open(), disk.syncs);
  }

  async write(chunk: Chunk, source: ByteSource, signal: AbortSignal, until?: LeaseEnd): Promise<void> {
    signal.throwIfAborted();
    await this.#file.use(async (file) => {
      signal.throwIfAborted();
      if (this.#isVisible) throw unavailable(new Error('the blob is visible already'));
      const { failedSyncs } = this.#file;
      const track = await this.#receive(file, chunk, source, signal, until);
      try {
        await this.#onDisk(this.#file.sync(file, failedSyncs));
      } catch (error) {
        track.release();
        throw error;
      }
      this.#adopt(track);
    });
    this.#isBegun = true;
  }

  advance(prefix: Bytes): void {
    this.#prefix = Math.max(this.#prefix, prefix);
    this.#following ??= this.#follow()
      // What has not been hashed by then, `sha256` reads.
      .catch(() => undefined)
      .finally(() => (this.#following = null));
  }

  async holds(ranges: readonly ByteRange[]): Promise<boolean> {
    const needed = Math.max(0, ...ranges.map(({ to }) => to));
    if (needed === 0) return true;
    try {
      const stats = await lstat(this.#paths.partial);
      return stats.isFile() && stats.size >= needed;
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw translate(error, this.#length);
      await this.#disk.requireFolder();
      return false;
    }
  }

  async read(at: number, length: number): Promise<Uint8Array> {
    return this.#file.use(async (file) => {
      const content = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await this.#onDisk(file.read(content, done, length - done, at + done));
        if (bytesRead === 0) throw new DomainError('bytes-missing');
        done += bytesRead;
      }
      return content;
    });
  }

  async assemble(signal: AbortSignal): Promise<void> {
    const { size } = await this.#file.use(async (file) => this.#onDisk(file.stat()));
    if (size < this.#length) throw new DomainError('bytes-missing');
    signal.throwIfAborted();
  }

  async sha256(signal: AbortSignal): Promise<string> {
    return this.#file.use(async (file) => {
      while (this.#hashed < this.#length) {
        signal.throwIfAborted();
        await this.#onDisk(this.#hashMore(file, this.#length));
      }
      await this.#onDisk(this.#hashing ?? Promise.resolve());
      this.#track ??= this.#disk.threads.beginFile(0);
      this.#sha256 ??= await this.#onDisk(this.#track.sha256());
      return this.#sha256;
    });
  }

  async commit(writable: boolean): Promise<StoredBlob> {
    return this.#file.use(async (file) => {
      await this.#onDisk(file.chmod(modeOf(writable)));
      await this.#onDisk(this.#disk.syncs.run(async () => file.sync()));
      // The filesystem may be gone since the file was opened below its mount point.
      await this.#disk.requireFolder();
      const fingerprint = fingerprintOf(await this.#onDisk(file.stat({ bigint: true })));
      if (!this.#isVisible) await this.#onDisk(renameDurably(this.#paths.partial, this.#paths.visible));
      this.#isVisible = true;
      return { storedBytes: this.#length, sha256: this.#sha256, fingerprint };
    });
  }

  async discard(): Promise<void> {
    this.#isDiscarded = true;
    await this.#following;
    this.#forget();
  }

  get #hashed(): number {
    return this.#track?.hashed ?? 0;
  }

  async #receive(
    file: FileHandle,
    { from, to }: Chunk,
    source: ByteSource,
    signal: AbortSignal,
    until: LeaseEnd | undefined,
  ): Promise<FileTrack> {
    const [neighbour] = this.#writing;
    const track = neighbour?.beside(from) ?? this.#disk.threads.beginFile(from);
    this.#writing.add(track);
    track.continueIn(file.fd, until);
    try {
      await new Appending({ file, track, size: to, syncs: this.#disk.syncs }, null).run(source, signal);
      const received = bytes(track.position - from);
      if (track.position < to) throw new DomainError('body-too-short', { promised: bytes(to - from), received });
      return track;
    } catch (error) {
      track.release();
      throw error;
    } finally {
      this.#writing.delete(track);
    }
  }

  /** The bytes of the first chunk are hashed as they arrive. */
  #adopt(track: FileTrack): void {
    if (this.#track === null && !this.#isDiscarded && track.hashed === track.position) this.#track = track;
    else track.release();
  }

  async #follow(): Promise<void> {
    if (this.#hashed >= this.#prefix) return;
    await this.#file.use(async (file) => {
      while (this.#hashed < this.#prefix && !this.#isDiscarded) await this.#hashMore(file, this.#prefix);
    });
  }

  /** Hashes one piece of the bytes before `to`. Calls at once share a piece. */
  async #hashMore(file: FileHandle, to: number): Promise<void> {
    this.#hashing ??= this.#hashPiece(file, to).finally(() => (this.#hashing = null));
    await this.#hashing;
  }

  async #hashPiece(file: FileHandle, to: number): Promise<void> {
    this.#track ??= this.#disk.threads.beginFile(0);
    this.#track.continueIn(file.fd);
    this.#track.skip(to);
    try {
      this.readBackBytes += await this.#track.readBack(READ_BACK_BYTES);
    } catch (error) {
      this.#forget();
      throw error;
    }
  }

  #forget(): void {
    this.#track?.release();
    this.#track = null;
    this.#sha256 = null;
  }

  async #open(): Promise<FileHandle> {
    await this.#disk.requireFolder();
    try {
      const file = await openRegular(this.#paths.partial, this.#isBegun ? 'change' : 'ensure');
      // Another process may have created the file, and not synced its folder yet.
      if (!this.#isLinked) await syncFolder(dirname(this.#paths.partial));
      this.#isLinked = true;
      return file;
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw translate(error, this.#length);
      return this.#openVisible(error);
    }
  }

  /** A crash came between the rename and the record of it, or the bytes are gone. */
  async #openVisible(cause: unknown): Promise<FileHandle> {
    try {
      const file = await openRegular(this.#paths.visible, 'change');
      this.#isVisible = true;
      return file;
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw translate(error, this.#length);
      // Not because its filesystem was just unmounted.
      await this.#disk.requireFolder();
      throw new DomainError('bytes-missing', undefined, { cause });
    }
  }

  /** Tells failures of the filesystem from those of the source, whose errors may look the same. */
  async #onDisk<T>(step: Promise<T>): Promise<T> {
    try {
      return await step;
    } catch (error) {
      throw translate(error, this.#length);
    }
  }
}
