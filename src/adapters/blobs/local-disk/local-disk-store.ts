import type { BigIntStats, StatsFs } from 'node:fs';
import { lstat, rm, statfs } from 'node:fs/promises';
import type {
  BlobBytes,
  BlobStat,
  BlobStore,
  BlobTerms,
  BlobEntry,
  BlobWriter,
  ByteRange,
  CopyProgress,
  MarkerState,
  LocationOwner,
} from '../../../application/ports/blob-store.ts';
import type { ResumableBlobs } from '../../../application/ports/blob-appender.ts';
import type { ChunkedBlobs } from '../../../application/ports/blob-chunks.ts';
import type { StoredBlob } from '../../../domain/media/media.ts';
import { bytes, MAX_BYTES, type Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError, isFailure } from '../../../domain/shared/domain-error.ts';
import type { BlobId } from '../../../domain/shared/ids.ts';
import { unavailable } from '../shared/unavailable.ts';
import { fingerprintOf } from './fingerprint.ts';
import { syncFolder } from '../../shared/sync-folder.ts';
import { renameDurably } from './rename-durably.ts';
import { systemCode, translate } from './failures.ts';
import { SyncQueue } from './checkpoints.ts';
import { copyBlob } from './local-disk-copy.ts';
import { readFile } from './local-disk-reader.ts';
import { LocalDiskAppender } from './local-disk-appender.ts';
import { LocalDiskChunks } from './local-disk-chunks.ts';
import { LocalDiskWriter } from './local-disk-writer.ts';
import { listFolder, entriesIn } from './listing.ts';
import { claimFolder, requireFolder, requireMarker, readMarkerState } from './marker.ts';
import { pathsOf } from './paths.ts';
import { changeMode, openRegular, requireRegularOrNone } from './regular-file.ts';
import type { HashingThreads } from '../shared/hashing-threads.ts';

/** Stores the blobs of one location of a pool as files in one folder, named by their ids. */
export class LocalDiskStore implements BlobStore {
  readonly purgeDelaySeconds = 0;
  readonly linkSeconds = 0;
  /** Hypervisors write to the files in place. */
  readonly immutable = false;
  readonly resumable: ResumableBlobs = {
    appender: (id, size) =>
      new LocalDiskAppender(pathsOf(this.#folder, id), size, this.#threads, this.#syncs, () => this.probe()),
    partialBytes: async (id) => this.#partialBytes(id),
  };
  readonly chunked: ChunkedBlobs = {
    chunks: (id, length, _chunkSize, isBegun) =>
      new LocalDiskChunks(pathsOf(this.#folder, id), length, isBegun, {
        threads: this.#threads,
        syncs: this.#syncs,
        requireFolder: async () => this.probe(),
      }),
  };
  readonly #folder: string;
  readonly #threads: HashingThreads;
  readonly #syncs = new SyncQueue();
  #owner: LocationOwner | null = null;

  /** `folder` is absolute. */
  constructor(folder: string, threads: HashingThreads) {
    this.#folder = folder;
    this.#threads = threads;
  }

  async filesystemBytes(): Promise<Bytes> {
    return this.#filesystem(({ blocks, bsize }) => blocks * bsize);
  }

  async freeBytes(): Promise<Bytes> {
    return this.#filesystem(({ bavail, bsize }) => bavail * bsize);
  }

  async #filesystem(size: (stat: StatsFs) => number): Promise<Bytes> {
    try {
      return bytes(Math.min(size(await statfs(this.#folder)), MAX_BYTES));
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  requireWritable(): void {
    // The filesystem decides when it is written.
  }

  writer(id: BlobId, size: Bytes, terms: BlobTerms = {}): BlobWriter {
    return new LocalDiskWriter(pathsOf(this.#folder, id), size, terms, this.#threads, this.#syncs, () => this.probe());
  }

  /** Creates a sparse file, which stores no bytes. */
  async allocate(id: BlobId, size: Bytes, writable = false): Promise<StoredBlob> {
    const { partial, visible } = pathsOf(this.#folder, id);
    await this.probe();
    const file = await onDisk(size, openRegular(partial, 'replace', writable));
    try {
      await onDisk(size, file.truncate(size));
      await onDisk(size, file.sync());
      const fingerprint = fingerprintOf(await onDisk(size, file.stat({ bigint: true })));
      await this.probe();
      await onDisk(size, renameDurably(partial, visible));
      return { storedBytes: bytes(0), sha256: null, fingerprint };
    } catch (error) {
      await rm(partial, { force: true }).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
  }

  async copy(
    from: BlobId,
    to: BlobId,
    size: Bytes,
    progress: CopyProgress,
    signal: AbortSignal,
    writable = false,
  ): Promise<StoredBlob> {
    await this.probe();
    const copied = copyBlob({
      from: pathsOf(this.#folder, from).visible,
      to: pathsOf(this.#folder, to),
      size,
      writable,
      progress,
      signal,
      requireFolder: async () => this.probe(),
    });
    return this.#requireHereIfMissing(copied);
  }

  async setWritable(id: BlobId, writable: boolean): Promise<boolean> {
    await this.probe();
    return this.#requireHereIfMissing(onFile(changeMode(pathsOf(this.#folder, id).visible, writable), bytes(0)));
  }

  async read(id: BlobId, range: ByteRange, signal: AbortSignal): Promise<BlobBytes> {
    return this.#requireHereIfMissing(readFile(pathsOf(this.#folder, id).visible, range, signal));
  }

  async stat(id: BlobId): Promise<BlobStat | null> {
    try {
      const stats = await lstat(pathsOf(this.#folder, id).visible, { bigint: true });
      return stats.isFile() ? statFrom(stats) : null;
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw unavailable(error);
      await this.#requireHere();
      return null;
    }
  }

  async #partialBytes(id: BlobId): Promise<Bytes | null> {
    try {
      const stats = await lstat(pathsOf(this.#folder, id).partial);
      return stats.isFile() ? bytes(stats.size) : null;
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw unavailable(error);
      await this.#requireHere();
      return null;
    }
  }

  async link(): Promise<null> {
    return null;
  }

  async resize(id: BlobId, size: Bytes): Promise<BlobStat> {
    const { visible } = pathsOf(this.#folder, id);
    await this.probe();
    const file = await this.#requireHereIfMissing(onFile(openRegular(visible, 'change'), size));
    try {
      await onDisk(size, file.truncate(size));
      await onDisk(size, file.sync());
      return statFrom(await onDisk(size, file.stat({ bigint: true })));
    } finally {
      await file.close();
    }
  }

  async remove(id: BlobId): Promise<void> {
    const { partial, visible } = pathsOf(this.#folder, id);
    try {
      await this.#requireOwn();
      for (const path of [partial, visible]) {
        await requireRegularOrNone(path);
        await rm(path, { force: true });
      }
      await syncFolder(this.#folder);
    } catch (error) {
      throw unavailable(error);
    }
  }

  async list(after?: BlobId): Promise<readonly BlobEntry[]> {
    try {
      const found = await listFolder(this.#folder, after ?? '');
      await this.#requireHere();
      return found;
    } catch (error) {
      throw unavailable(error);
    }
  }

  async entries(ids: readonly BlobId[]): Promise<readonly BlobEntry[]> {
    try {
      const found = await entriesIn(this.#folder, ids);
      await this.#requireHere();
      return found;
    } catch (error) {
      throw unavailable(error);
    }
  }

  async clear(id: BlobId): Promise<void> {
    const { partial } = pathsOf(this.#folder, id);
    try {
      await this.#requireOwn();
      await requireRegularOrNone(partial);
      await rm(partial, { force: true });
      await syncFolder(this.#folder);
    } catch (error) {
      throw unavailable(error);
    }
  }

  async claim({ holdsMedia, ...owner }: LocationOwner & { readonly holdsMedia: boolean }): Promise<void> {
    await claimFolder(this.#folder, owner, holdsMedia);
    this.#owner = owner;
  }

  async readMarker(owner: LocationOwner): Promise<MarkerState> {
    try {
      const stat = await readMarkerState(this.#folder, owner);
      if (stat === 'own') this.#owner = owner;
      return stat;
    } catch (error) {
      throw unavailable(error);
    }
  }

  async probe(): Promise<void> {
    try {
      await this.#requireOwn();
    } catch (error) {
      throw unavailable(error);
    }
  }

  /**
   * Rejects unless the folder is writable and ours, so that files on an unmounted filesystem do not
   * count as deleted.
   */
  async #requireOwn(): Promise<void> {
    await requireFolder(this.#folder, this.#ownerOfFolder());
  }

  /**
   * Rejects with `unavailable` unless the folder is ours: a file may be missing because its
   * filesystem is not mounted. Sufficient for reads.
   */
  async #requireHere(): Promise<void> {
    try {
      await requireMarker(this.#folder, this.#ownerOfFolder());
    } catch (error) {
      throw unavailable(error);
    }
  }

  async #requireHereIfMissing<T>(pending: Promise<T>): Promise<T> {
    try {
      return await pending;
    } catch (error) {
      if (isFailure(error, 'bytes-missing')) await this.#requireHere();
      throw error;
    }
  }

  #ownerOfFolder(): LocationOwner {
    if (this.#owner === null) throw new Error(`the folder ${this.#folder} was not claimed before its use`);
    return this.#owner;
  }
}

async function onDisk<T>(size: Bytes, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw translate(error, size);
  }
}

/** As `onDisk`, but a missing file means `bytes-missing`. */
async function onFile<T>(step: Promise<T>, size: Bytes): Promise<T> {
  try {
    return await step;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new DomainError('bytes-missing', undefined, { cause: error });
    throw translate(error, size);
  }
}

function statFrom(stats: BigIntStats): BlobStat {
  return { storedBytes: bytes(Number(stats.size)), fingerprint: fingerprintOf(stats) };
}
