import type {
  BlobStat,
  BlobStore,
  BlobEntry,
  BlobWriter,
  ByteRange,
  ByteSource,
  CopyProgress,
  MarkerState,
  LocationOwner,
} from '../../../application/ports/blob-store.ts';
import type { ResumableBlobs } from '../../../application/ports/blob-appender.ts';
import type { ChunkedBlobs } from '../../../application/ports/blob-chunks.ts';
import type { StoredBlob } from '../../../domain/media/media.ts';
import { bytes, type Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError, isDomainError } from '../../../domain/shared/domain-error.ts';
import type { BlobId } from '../../../domain/shared/ids.ts';
import { reported } from '../../../domain/shared/reported.ts';
import type { HashingThreads } from '../shared/hashing-threads.ts';
import { unavailable } from '../shared/unavailable.ts';
import { Bucket, LINK_LIFETIME_SECONDS } from './bucket.ts';
import { keyOf } from './keys.ts';
import { incompleteWritesOf, listBlobs } from './listing.ts';
import { claimPrefix, requirePrefix, readMarkerState } from './marker.ts';
import { clearPartial, partialBytes } from './partial-blob.ts';
import type { PartMemory } from './part-memory.ts';
import { requireParts } from './part-sizes.ts';
import { S3Appender } from './s3-appender.ts';
import { S3Chunks } from './s3-chunks.ts';
import type { S3Location, S3Terms } from './s3-location.ts';
import { readObject } from './s3-reader.ts';
import { S3Writer } from './s3-writer.ts';

/** A probe waits no longer than this, whatever the settings. */
const PROBE_TIMEOUT_MS = 10_000;

/**
 * Stores the blobs of one location of a pool as objects in one bucket, named by their ids below one
 * prefix. Objects never change.
 */
export class S3Store implements BlobStore {
  readonly purgeDelaySeconds: number;
  readonly linkSeconds: number;
  readonly immutable = true;
  readonly resumable: ResumableBlobs = {
    appender: (id, size) => new S3Appender(...this.#blob(id, size)),
    partialBytes: async (id) => partialBytes(this.#bucket, this.#keyOf(id)),
  };
  readonly chunked: ChunkedBlobs = {
    chunks: (id, length, chunkSize, isBegun) => {
      const blob = { bucket: this.#bucket, key: this.#keyOf(id), length, memory: this.#memory, threads: this.#threads };
      return new S3Chunks({ ...blob, requireOwn: async () => this.#requireOwn() }, chunkSize, isBegun);
    },
  };
  readonly #bucket: Bucket;
  readonly #memory: PartMemory;
  readonly #threads: HashingThreads;
  readonly #redirects: boolean;
  #owner: LocationOwner | null = null;

  /** `memory` is shared by all stores in S3, and `threads` by all stores. */
  constructor(location: S3Location, terms: S3Terms, memory: PartMemory, threads: HashingThreads) {
    this.#bucket = new Bucket(location, terms);
    this.#memory = memory;
    this.#threads = threads;
    this.#redirects = terms.redirects;
    this.purgeDelaySeconds = terms.purgeDelaySeconds;
    this.linkSeconds = terms.redirects ? LINK_LIFETIME_SECONDS : 0;
  }

  async filesystemBytes(): Promise<null> {
    return Promise.resolve(null);
  }

  async freeBytes(): Promise<null> {
    return Promise.resolve(null);
  }

  requireWritable(size: Bytes): void {
    requireParts(size, this.#memory.limit);
  }

  writer(id: BlobId, size: Bytes): BlobWriter {
    return new S3Writer(...this.#blob(id, size));
  }

  /** Creates no object: bytes that are not stored read as zeros. */
  async allocate(id: BlobId): Promise<StoredBlob> {
    this.#keyOf(id);
    await this.#requireOwn();
    return { storedBytes: bytes(0), sha256: null, fingerprint: null };
  }

  /**
   * Copies the bytes through this process, since S3 has a minimum part size for copies. Rare:
   * clones share objects.
   */
  async copy(from: BlobId, to: BlobId, size: Bytes, progress: CopyProgress, signal: AbortSignal): Promise<StoredBlob> {
    const stat = await this.stat(from);
    if (stat === null) throw new DomainError('bytes-missing');
    const length = bytes(Math.min(stat.storedBytes, size));
    const writer = this.writer(to, length);
    try {
      const source = await this.read(from, { from: 0, to: length }, signal);
      await writer.write(reported(source, progress), signal);
      await progress(length, bytes(0));
      return await writer.commit();
    } catch (error) {
      await writer.cancel();
      throw error;
    }
  }

  /** Does nothing: hypervisors do not open objects. */
  async setWritable(): Promise<boolean> {
    return false;
  }

  /** Does not change the object: bytes beyond it read as zeros. */
  async resize(id: BlobId, size: Bytes): Promise<BlobStat> {
    await this.#requireOwn();
    const stat = await this.stat(id);
    if (stat === null) throw new DomainError('bytes-missing');
    if (stat.storedBytes > size) throw new Error('a resize must not drop stored bytes');
    return stat;
  }

  async read(id: BlobId, range: ByteRange, signal: AbortSignal): Promise<ByteSource> {
    return readObject(this.#bucket, this.#keyOf(id), range, signal);
  }

  async stat(id: BlobId): Promise<BlobStat | null> {
    const size = await this.#bucket.sizeOf(this.#keyOf(id));
    return size === null ? null : { storedBytes: bytes(size), fingerprint: null };
  }

  async link(id: BlobId, fileName: string): Promise<string | null> {
    return this.#redirects ? this.#bucket.link(this.#keyOf(id), fileName) : null;
  }

  /** Aborts uploads first: completing one would create the object again. */
  async remove(id: BlobId): Promise<void> {
    await this.clear(id);
    await this.#bucket.delete(this.#keyOf(id));
  }

  async clear(id: BlobId): Promise<void> {
    const key = this.#keyOf(id);
    await this.#requireOwn();
    await clearPartial(this.#bucket, key);
  }

  async list(after?: BlobId): Promise<readonly BlobEntry[]> {
    return listBlobs(this.#bucket, after);
  }

  async entries(ids: readonly BlobId[]): Promise<readonly BlobEntry[]> {
    const entries: BlobEntry[] = [];
    for (const id of ids) {
      entries.push({
        id,
        storedBytes: (await this.stat(id))?.storedBytes ?? null,
        incompleteWrites: await incompleteWritesOf(this.#bucket, this.#keyOf(id)),
      });
    }
    return entries;
  }

  async claim({ holdsMedia, ...owner }: LocationOwner & { readonly holdsMedia: boolean }): Promise<void> {
    await claimPrefix(this.#bucket, owner, holdsMedia);
    this.#owner = owner;
  }

  async readMarker(owner: LocationOwner): Promise<MarkerState> {
    const stat = await readMarkerState(this.#bucket, owner);
    if (stat === 'own') this.#owner = owner;
    return stat;
  }

  async probe(): Promise<void> {
    await this.#requireOwn(AbortSignal.timeout(PROBE_TIMEOUT_MS));
  }

  #blob(id: BlobId, size: Bytes): ConstructorParameters<typeof S3Writer> {
    return [this.#bucket, this.#keyOf(id), size, this.#memory, this.#threads, async () => this.#requireOwn()];
  }

  #keyOf(id: BlobId): string {
    return keyOf(this.#bucket.prefix, id);
  }

  /**
   * Rejects unless the bucket is ours, so that objects of an unreachable bucket do not count as
   * deleted.
   */
  async #requireOwn(signal?: AbortSignal): Promise<void> {
    try {
      if (this.#owner === null) throw new Error(`the bucket ${this.#bucket.name} was not claimed before its use`);
      await requirePrefix(this.#bucket, this.#owner, signal);
    } catch (error) {
      throw isDomainError(error) ? error : unavailable(error);
    }
  }
}
