import type { StoredBlob } from '../../domain/media/media.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { BlobId } from '../../domain/shared/ids.ts';
import type { LeaseEnd } from './lease-end.ts';

/**
 * Hears that all bytes before `offset` are durable. The append waits for it when it falls behind.
 */
export type Checkpoint = (offset: Bytes) => Promise<void>;

/**
 * Writes one blob in several requests. What it wrote outlives the process, and stays invisible
 * until `commit`. Only one process at a time may have one open for a blob: the lease of the upload
 * sees to that. Not to be used by two callers at once, except for `checkpoint`.
 */
export interface BlobAppender {
  /** How many bytes were written; those behind the last checkpoint may not be durable yet. */
  readonly offset: Bytes;
  /** How many bytes were read back from the store, because another process had written them. */
  readonly readBackBytes: number;
  /**
   * Opens it for more bytes at `offset`, 0 or one that `flush` has returned or a checkpoint has
   * recorded: bytes behind it are cut off. Creates the blob for offset 0. The digest of what this
   * object wrote before is still known. Changes nothing after the signal, with which the lease
   * ends, nor after `until`, by which it ends at the latest: another process may write to the blob
   * then. A store whose writes other processes cannot meet need not look at `until`.
   *
   * @throws the reason of the signal
   * @throws DomainError `bytes-missing` when fewer bytes are stored than `offset`
   * @throws DomainError `unavailable`
   */
  open(offset: Bytes, signal: AbortSignal, until?: LeaseEnd): Promise<void>;
  /**
   * Appends all bytes of `source`, at most up to the size of the blob. Without a `checkpoint` it
   * makes none. All that came before a failure of `source` is written, though not durable before
   * the next `flush`.
   *
   * @throws DomainError `body-too-long` when the source has more bytes than are missing
   * @throws DomainError `no-space` or `unavailable` when they cannot be stored
   * @throws what the source threw, or the reason of the signal
   */
  append(source: AsyncIterable<Uint8Array>, signal: AbortSignal, checkpoint: Checkpoint | null): Promise<void>;
  /** Makes a checkpoint of the append under way, before it would be due. */
  checkpoint(): Promise<void>;
  /**
   * Makes everything durable that was appended, and returns the offset.
   *
   * @throws DomainError `no-space` or `unavailable` when a write failed: open it again
   */
  flush(): Promise<Bytes>;
  /**
   * Makes the bytes that were appended, and have been recorded, all that the blob has: it is
   * complete then. An appender of this size opens it from now on, and until the new size is
   * recorded one of the former size.
   *
   * @throws DomainError `no-space` or `unavailable`: open it again
   */
  shorten(): Promise<void>;
  /** Remembers the digest as it is, for `rewind`. */
  mark(): void;
  /**
   * Returns to the last `mark`, with its digest. The next `open` cuts off the bytes behind it: the
   * lease may have ended since they were written.
   */
  rewind(): void;
  /**
   * Reads bytes that were written, at `at`. Null if the store cannot read these before `sha256` has
   * resolved.
   *
   * @throws DomainError `bytes-missing` or `unavailable`
   */
  read(at: number, length: number): Promise<Uint8Array | null>;
  /**
   * Resolves with the SHA-256 of all bytes in lower-case hex; reads back those that another process
   * wrote. The blob may exist from then on, though no item names it before `commit`: `remove`
   * deletes it.
   *
   * @throws DomainError `bytes-missing` or `unavailable`
   */
  sha256(signal: AbortSignal): Promise<string>;
  /**
   * Makes the blob visible, once all bytes are there and the digest is known. Hypervisors may write
   * to it in place if it is `writable`.
   */
  commit(writable: boolean): Promise<StoredBlob>;
  /** Closes what the operating system has open for it. The digest stays known. */
  close(): Promise<void>;
  /** Closes it and forgets the digest; the bytes stay. Never fails. */
  discard(): Promise<void>;
}

/** Blobs that are written in several requests, in one location. */
export interface ResumableBlobs {
  /** Returns an appender for a blob of `size` bytes. Nothing happens before its `open`. */
  appender(id: BlobId, size: Bytes): BlobAppender;
  /**
   * Returns how many bytes of an uncommitted blob are stored, from its first byte without a gap;
   * null if there are none. A store that cannot cut off bytes counts those behind the offset, too.
   *
   * @throws DomainError `unavailable`
   */
  partialBytes(id: BlobId): Promise<Bytes | null>;
}
