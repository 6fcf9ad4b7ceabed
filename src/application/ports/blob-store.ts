import type { StoredBlob } from '../../domain/media/media.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';

/** Bytes on their way in. Nothing is read from it before it is iterated. */
export type ByteSource = AsyncIterable<Uint8Array>;

/** Bytes on their way out. A chunk is its reader's for good, unless they give it back. */
export interface BlobBytes extends AsyncIterable<Uint8Array> {
  /**
   * Takes a chunk back from a reader who has done with it, so that others can be read in its place:
   * nobody may look at it any more. Nobody has to, and chunks that did not come from here are left
   * alone. Missing where it would save nothing.
   */
  readonly release?: (chunk: Uint8Array) => void;
}

/** Some of the bytes of a blob: from `from` up to, but not including, `to`. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** A visible blob as it is at this moment. */
export interface BlobStat {
  readonly storedBytes: Bytes;
  /** As in `StoredBlob`: another one than then, once somebody has written to the bytes in place. */
  readonly fingerprint: string | null;
}

/** What lies in a store under one id. */
export interface BlobEntry {
  readonly id: BlobId;
  /** How many bytes the visible blob has; null where there is none. */
  readonly storedBytes: Bytes | null;
  /**
   * How many attempts to write it lie there half done, whether somebody is still at them or not.
   */
  readonly incompleteWrites: number;
}

/** One place of one pool of one installation. */
export interface LocationOwner {
  readonly installation: string;
  readonly pool: PoolId;
  /** Its number among the places of the pool. */
  readonly location: number;
}

/**
 * What the marker of a place says: it is ours, somebody else's, nothing that can be understood, or
 * there is none.
 */
export type MarkerState = 'own' | 'foreign' | 'unreadable' | 'missing';

/** One blob being written, into a place that nobody can see. */
export interface BlobWriter {
  /**
   * Takes exactly the promised number of bytes from `source`, counting and hashing on the way, in
   * constant memory. Called once. Resolves with their SHA-256 in lower-case hex, while nobody can
   * see them yet. Fails with `body-too-short` or `body-too-long` (then no byte beyond the promise
   * is taken), with `no-space`, with `quota-exceeded` limited by the backend where the store can't
   * keep that much in one piece, with `unavailable` when the store can't be reached, with what
   * `source` threw, or with the signal's reason.
   */
  write(source: ByteSource, signal: AbortSignal): Promise<string>;
  /**
   * Makes the bytes durable and visible at once, or not at all: when it resolves, a crash or a
   * power cut takes nothing away. Called after `write` resolved. Calling it again answers the same.
   */
  commit(): Promise<StoredBlob>;
  /**
   * Leaves nothing of an uncommitted write. Always safe: before, during or after `write`, twice,
   * and after `commit`, when it does nothing. Never fails; what it could not take away the next
   * `remove` will.
   */
  cancel(): Promise<void>;
}

/**
 * Hears how far a copy is: how many bytes of the source are dealt with, and how many were moved for
 * that since the last time. The copy waits for it, so that it can be slowed down, and fails with
 * what it fails with.
 */
export type CopyProgress = (copied: Bytes, moved: Bytes) => Promise<void>;

/** What a blob is written for. */
export interface BlobTerms {
  /** Zeros need not take up room. */
  readonly sparse?: boolean;
  /** Hypervisors may write to it in place, where the store has files. */
  readonly writable?: boolean;
}

/** One place where bytes of a pool lie. Paths and keys are made from our own ids alone. */
export interface BlobStore {
  /**
   * How long a removal may have to be repeated after the writer of a blob died: what that writer
   * had asked for last may only be carried out then. Seconds; 0 where nothing outlives a writer.
   */
  readonly purgeDelaySeconds: number;
  /** How long an address of `link` holds. Seconds; 0 where there are none. */
  readonly linkSeconds: number;
  /**
   * Fails with `quota-exceeded` limited by the backend where a blob of `size` bytes could not be
   * written however much room there is. Asked before the first byte.
   */
  requireWritable(size: Bytes): void;
  /**
   * The size of the filesystem that the blobs lie on, used and free; null where there is none.
   * Fails with `unavailable`.
   */
  filesystemBytes(): Promise<Bytes | null>;
  /**
   * Whether nobody ever changes a blob once it is there, so that media may share it even if they
   * are writable. The same at all times.
   */
  readonly immutable: boolean;
  /**
   * A writer for a blob of exactly `size` bytes. Nothing happens before its `write`.
   */
  writer(id: BlobId, size: Bytes, terms?: BlobTerms): BlobWriter;
  /**
   * Makes a blob of `size` zeros at once, whatever its size, durable when it resolves. Doing it
   * again for the same id is fine. Where nobody writes in place it may take nothing to keep it:
   * then nothing stands there, and it is not listed. `writable` is as in `BlobTerms`. Fails with
   * `no-space`, `quota-exceeded` limited by the backend, or `unavailable`.
   */
  allocate(id: BlobId, size: Bytes, writable?: boolean): Promise<StoredBlob>;
  /**
   * Makes the blob `to` of `size` bytes: those of the visible blob `from`, or as many of them as
   * fit, and then zeros. Neither ever shows what is written to the other afterwards. No byte moves
   * through this process where the store can do without; where they do, in constant memory, and
   * zeros need not take up room. `progress` is called on the way and once more when all is there,
   * just before the copy becomes visible, durably and at once: whatever it fails with there keeps
   * the copy from being seen. `storedBytes` of the answer are those from the source; the SHA-256
   * may be null. `writable` is as in `BlobTerms`, whatever the source is.
   *
   * Doing it again, after whatever end, is fine, and replaces what an attempt before left. Fails,
   * and leaves nothing half made, with `bytes-missing` when there is no such blob, with `no-space`,
   * with `quota-exceeded` limited by the backend, with `unavailable`, with what `progress` threw,
   * or with the signal's reason.
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
   * Sets whether hypervisors may write to a visible blob in place from now on; those that have it
   * open already still may. Durable when it resolves, and leaves the fingerprint as it is. Answers
   * whether that changed anything: never where nobody writes in place, and nothing is looked at
   * there. Fails with `bytes-missing` when there is no such blob, or with `unavailable`.
   */
  setWritable(id: BlobId, writable: boolean): Promise<boolean>;
  /**
   * Bytes that a visible blob stores, in constant memory. Resolves once they can be read; iterating
   * fails rather than ending before `to`, and leaving it early is fine. Fails with `bytes-missing`
   * when there is no such blob or it is shorter, with `bytes-damaged` when what keeps it can't give
   * some of it any more, with `unavailable`, or with the signal's reason.
   */
  read(id: BlobId, range: ByteRange, signal: AbortSignal): Promise<BlobBytes>;
  /** How a visible blob stands, or null if there is none. Fails with `unavailable`. */
  stat(id: BlobId): Promise<BlobStat | null>;
  /**
   * An address from which whoever knows it can GET all that a visible blob stores, for some
   * minutes, as a file of this name; null where bytes go through us. Fails with `unavailable`.
   */
  link(id: BlobId, fileName: string): Promise<string | null>;
  /**
   * Gives a visible blob room for exactly `size` bytes, which are no fewer than came in: what is
   * added reads as zeros, what is cut off is gone. Durable when it resolves, and doing it again is
   * fine. A store that keeps only what came in need not do anything. Answers how the blob stands
   * then. Fails with `bytes-missing` when there is no such blob, and as `allocate` does.
   */
  resize(id: BlobId, size: Bytes): Promise<BlobStat>;
  /**
   * Takes a blob away, visible or half written. Removing what is not there is fine. Fails with
   * `unavailable`.
   */
  remove(id: BlobId): Promise<void>;
  /**
   * What lies there, visible or half written, by ascending id after `after`: some thousands at
   * most, and none only at the end. Fails with `unavailable`.
   */
  list(after?: BlobId): Promise<readonly BlobEntry[]>;
  /** What lies there under these ids at this moment, in their order. Fails with `unavailable`. */
  entries(ids: readonly BlobId[]): Promise<readonly BlobEntry[]>;
  /**
   * Takes away what was half written under an id, and leaves the visible blob as it is. For what
   * nobody is at any more; a writer that lives on all the same fails. Doing it again is fine. Fails
   * with `unavailable`.
   */
  clear(id: BlobId): Promise<void>;
  /**
   * Makes sure that this place is this one of this pool of this installation, can be written, and
   * commits as promised. An empty unmarked place is marked. Fails with an Error for the operator
   * that says what is wrong and what to do: somebody else's marker; no marker although the database
   * knows of media here.
   */
  claim(owner: LocationOwner & { readonly holdsMedia: boolean }): Promise<void>;
  /**
   * Whose place it is, with nothing changed there. Where it is `own` the store is used as after
   * `claim`. Fails with `unavailable`.
   */
  readMarker(owner: LocationOwner): Promise<MarkerState>;
  /** Resolves if the place is there and ours at this moment. Fails with `unavailable`. */
  probe(): Promise<void>;
}

/** The store of each place of each pool. */
export interface BlobStores {
  /**
   * Fails with a plain Error for a pool that is not configured: callers look it up first; with
   * `unavailable` for a place of it that this process has not heard of.
   */
  of(pool: PoolId, location: number): BlobStore;
  /**
   * The numbers of a pool's places: where it lies, and behind that where it moves to, if it moves.
   * Fails with a plain Error as `of`.
   */
  locations(pool: PoolId): readonly [number, ...number[]];
}
