import type { StoredBlob } from '../../domain/media/media.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';
import type { ResumableBlobs } from './blob-appender.ts';
import type { ChunkedBlobs } from './blob-chunks.ts';

/** The bytes of an incoming body. Nothing is read before the iteration starts. */
export type ByteSource = AsyncIterable<Uint8Array>;

/** The bytes of a blob, chunk by chunk. A chunk belongs to its reader until it is released. */
export interface BlobBytes extends AsyncIterable<Uint8Array> {
  /**
   * Returns a chunk to the pool of buffers. Do not touch it afterwards. Optional for the reader;
   * ignores chunks of other sources. Missing if the store pools no buffers.
   */
  readonly release?: (chunk: Uint8Array) => void;
}

/** Bytes of a blob: from `from` up to, but not including, `to`. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** The current size and fingerprint of a visible blob. */
export interface BlobStat {
  readonly storedBytes: Bytes;
  /** As in `StoredBlob`: differs from the recorded one after a write in place. */
  readonly fingerprint: string | null;
}

/** What a store holds under one id. */
export interface BlobEntry {
  readonly id: BlobId;
  /** The size of the visible blob; null if there is none. */
  readonly storedBytes: Bytes | null;
  /** The number of uncommitted writes, live ones included. */
  readonly incompleteWrites: number;
}

/** One location of one pool of one installation. */
export interface LocationOwner {
  readonly installation: string;
  readonly pool: PoolId;
  /** The number of the location in its pool. */
  readonly location: number;
}

/** What the marker of a location names: this owner, another one, nothing readable; or no marker. */
export type MarkerState = 'own' | 'foreign' | 'unreadable' | 'missing';

/** Writes one blob, which stays invisible until `commit`. */
export interface BlobWriter {
  /**
   * Reads exactly the promised number of bytes from `source`, in constant memory, and resolves with
   * their SHA-256 in lower-case hex. The blob is not visible yet. Call it once.
   *
   * @throws DomainError `body-too-short`
   * @throws DomainError `body-too-long`; no byte beyond the promised size is stored
   * @throws DomainError `no-space`
   * @throws DomainError `quota-exceeded`, limited by the backend, when the store cannot hold a blob
   *   of this size
   * @throws DomainError `unavailable` when the store cannot be reached
   * @throws what `source` threw, or the reason of the signal
   */
  write(source: ByteSource, signal: AbortSignal): Promise<string>;
  /**
   * Makes the blob durable and visible, atomically: once it resolves, the blob survives a crash and
   * a power failure. Call it after `write` resolved. Idempotent.
   */
  commit(): Promise<StoredBlob>;
  /**
   * Discards an uncommitted write. Safe at any time: before, during and after `write`, twice, and
   * after `commit`, when it does nothing. Never throws; the next `remove` deletes the leftovers.
   */
  cancel(): Promise<void>;
}

/**
 * Is told the progress of a copy: how many bytes of the source are done, and how many of them were
 * moved since the last call. The copy awaits it, so it can throttle the copy, and rejects if it
 * rejects.
 */
export type CopyProgress = (copied: Bytes, moved: Bytes) => Promise<void>;

/** How a blob is stored. */
export interface BlobTerms {
  /** Whether zeros may be stored as holes. */
  readonly sparse?: boolean;
  /** Whether hypervisors may write to the blob in place, if the store has files. */
  readonly writable?: boolean;
}

/**
 * The blobs of one location: writes, reads and deletes them. Paths and keys derive from ids alone.
 */
export interface BlobContent {
  /**
   * Whether a blob never changes after `commit`, so that items may share it even if they are
   * writable. Constant.
   */
  readonly immutable: boolean;
  /**
   * After a writer crashed, how long its last requests may still take effect, so that `remove` has
   * to be repeated then. Seconds; 0 if no request outlives its writer.
   */
  readonly purgeDelaySeconds: number;
  /** Blobs that are written in several requests. */
  readonly resumable: ResumableBlobs;
  /** Blobs that are written in chunks, in any order. */
  readonly chunked: ChunkedBlobs;
  /** How long a URL of `link` is valid. Seconds; 0 if the store has no URLs. */
  readonly linkSeconds: number;
  /**
   * Refuses a size that the store cannot hold, however much space is free. Call it before the first
   * byte is read.
   *
   * @throws DomainError `quota-exceeded`, limited by the backend
   */
  requireWritable(size: Bytes): void;
  /** Returns a writer for a blob of exactly `size` bytes. It does nothing before its `write`. */
  writer(id: BlobId, size: Bytes, terms?: BlobTerms): BlobWriter;
  /**
   * Creates a durable blob of `size` zeros in constant time. `writable` is as in `BlobTerms`. An
   * immutable store may store nothing for it: then `stat` and `list` do not find it. Idempotent.
   *
   * @throws DomainError `no-space`
   * @throws DomainError `quota-exceeded`, limited by the backend
   * @throws DomainError `unavailable`
   */
  allocate(id: BlobId, size: Bytes, writable?: boolean): Promise<StoredBlob>;
  /**
   * Creates the blob `to` of `size` bytes: the bytes of the visible blob `from`, cut off or padded
   * with zeros. Later writes to one are never visible in the other. The store copies without moving
   * bytes through this process if it can, else in constant memory; zeros may be stored as holes.
   * `writable` is as in `BlobTerms`, independent of the source. `storedBytes` of the result counts
   * the bytes of the source; its SHA-256 may be null.
   *
   * The store calls `progress` along the way and once more just before the copy becomes visible,
   * durably and atomically: if that call rejects, the copy stays invisible. Idempotent: a
   * repetition replaces what an earlier attempt left. A failed copy leaves nothing behind.
   *
   * @throws DomainError `bytes-missing` when the source does not exist
   * @throws DomainError `no-space`
   * @throws DomainError `quota-exceeded`, limited by the backend
   * @throws DomainError `unavailable`
   * @throws what `progress` threw, or the reason of the signal
   */
  copy(
    from: BlobId,
    to: BlobId,
    size: Bytes,
    progress: CopyProgress,
    signal: AbortSignal,
    writable?: boolean,
  ): Promise<StoredBlob>;
  /**
   * Sets whether hypervisors may write to a visible blob in place; processes that have it open are
   * not affected. Durable; leaves the fingerprint unchanged. Resolves with whether the mode
   * changed: always false, without a look at the blob, in an immutable store. Idempotent.
   *
   * @throws DomainError `bytes-missing` when the blob does not exist
   * @throws DomainError `unavailable`
   */
  setWritable(id: BlobId, writable: boolean): Promise<boolean>;
  /**
   * Reads stored bytes of a visible blob, in constant memory. Resolves once the bytes can be read.
   * The iteration rejects rather than end before `to`, and may be left early.
   *
   * @throws DomainError `bytes-missing` when the blob does not exist or is shorter than `to`
   * @throws DomainError `bytes-damaged` when the disk cannot read some of the bytes
   * @throws DomainError `unavailable`
   * @throws the reason of the signal
   */
  read(id: BlobId, range: ByteRange, signal: AbortSignal): Promise<BlobBytes>;
  /**
   * Returns the size and fingerprint of a visible blob, or null if there is none.
   *
   * @throws DomainError `unavailable`
   */
  stat(id: BlobId): Promise<BlobStat | null>;
  /**
   * Returns a URL from which a client can GET all stored bytes, as a file called `fileName`, for
   * `linkSeconds`; null if the store has no URLs.
   *
   * @throws DomainError `unavailable`
   */
  link(id: BlobId, fileName: string): Promise<string | null>;
  /**
   * Resizes a visible blob to `size`, never below the received bytes, and resolves with its stat.
   * Added bytes read as zeros. Durable and idempotent. An immutable store need not do anything.
   *
   * @throws DomainError `bytes-missing` when the blob does not exist
   * @throws DomainError as `allocate`
   */
  resize(id: BlobId, size: Bytes): Promise<BlobStat>;
  /**
   * Deletes a blob and its incomplete writes. Idempotent.
   *
   * @throws DomainError `unavailable`
   */
  remove(id: BlobId): Promise<void>;
}

/** What one location contains, whether the database knows of it or not. */
export interface BlobInventory {
  /**
   * Returns the total size of the filesystem, free space included; null if there is none.
   *
   * @throws DomainError `unavailable`
   */
  filesystemBytes(): Promise<Bytes | null>;
  /**
   * Returns the free space of the filesystem that the program may use; null if there is none.
   *
   * @throws DomainError `unavailable`
   */
  freeBytes(): Promise<Bytes | null>;
  /**
   * Returns the entries with an id after `after`, ascending, in pages of at most a few thousand. An
   * empty page is the end.
   *
   * @throws DomainError `unavailable`
   */
  list(after?: BlobId): Promise<readonly BlobEntry[]>;
  /**
   * Returns the current entries of these ids, in their order.
   *
   * @throws DomainError `unavailable`
   */
  entries(ids: readonly BlobId[]): Promise<readonly BlobEntry[]>;
  /**
   * Deletes the incomplete writes of an id and leaves its visible blob alone. A writer that is
   * still running fails. Idempotent.
   *
   * @throws DomainError `unavailable`
   */
  clear(id: BlobId): Promise<void>;
}

/** Whether one location belongs to the pool that it is configured for. */
export interface PoolClaim {
  /**
   * Verifies that the marker of the location names `owner`, and that the location can be written
   * and commits durably. Writes the marker if it is missing and the pool holds no media.
   * Idempotent.
   *
   * @throws Error for the operator, which says what is wrong and what to do: the marker names
   *   another owner, or it is missing although the database lists media here
   */
  claim(owner: LocationOwner & { readonly holdsMedia: boolean }): Promise<void>;
  /**
   * Reads the marker and changes nothing. If it is `own`, the store can be used as after `claim`.
   *
   * @throws DomainError `unavailable`
   */
  readMarker(owner: LocationOwner): Promise<MarkerState>;
  /**
   * Resolves if the location exists and still has the marker of its owner.
   *
   * @throws DomainError `unavailable`
   */
  probe(): Promise<void>;
}

/** One location of a pool. Use cases take the role that they need. */
export interface BlobStore extends BlobContent, BlobInventory, PoolClaim {}

/** The stores of all locations of all pools, in the role that the caller needs. */
export interface BlobStores<Role = BlobStore> {
  /**
   * Returns the store of a location.
   *
   * @throws Error when the pool is not configured: look it up first
   * @throws DomainError `unavailable` when this process does not know the location yet
   */
  of(pool: PoolId, location: number): Role;
  /**
   * Returns the numbers of the locations of a pool: the one where it lies, then the one where it
   * moves to, if it moves.
   *
   * @throws Error when the pool is not configured
   */
  locations(pool: PoolId): readonly [number, ...number[]];
}
