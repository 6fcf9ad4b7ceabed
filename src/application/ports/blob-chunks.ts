import type { StoredBlob } from '../../domain/media/media.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { BlobId } from '../../domain/shared/ids.ts';
import type { Chunk } from '../../domain/uploads/chunks.ts';
import type { LeaseEnd } from './lease-end.ts';

/** Bytes from `from` up to, but not including, `to`. */
export type ByteRange = Pick<Chunk, 'from' | 'to'>;

/**
 * Writes one blob in chunks: in any order, several at once, from any number of processes. What it
 * wrote outlives the process, and stays invisible until `commit`. One caller at a time writes a
 * chunk: the lease of the chunk sees to that. All calls may overlap otherwise, until `assemble`.
 */
export interface BlobChunks {
  /** How many bytes this object read back from the store for the digest. */
  readonly readBackBytes: number;
  /**
   * Stores exactly the bytes of `chunk`, in constant memory, and resolves when they are durable.
   * The first chunk creates the blob. Idempotent: a repetition replaces what an earlier attempt
   * left. A failure may leave anything in the range of the chunk, and nothing outside of it.
   * Changes nothing once it has rejected, nor after `until`, as `BlobAppender.open`.
   *
   * @throws DomainError `body-too-short` or `body-too-long`; no byte outside the chunk is stored
   * @throws DomainError `bytes-missing`, `no-space` or `unavailable`
   * @throws DomainError `quota-exceeded`, limited by the backend
   * @throws what `source` threw, or the reason of the signal
   */
  write(chunk: Chunk, source: AsyncIterable<Uint8Array>, signal: AbortSignal, until?: LeaseEnd): Promise<void>;
  /**
   * Hears that all bytes before `prefix` are durable, whichever process wrote them. The digest
   * follows in the background, if the store can read them or still has them. Returns at once, never
   * fails. A smaller `prefix` than before changes nothing.
   */
  advance(prefix: Bytes): void;
  /**
   * Whether the bytes of all these ranges are stored. For a database that knows an earlier state of
   * the blob, which is not visible and has no writer.
   *
   * @throws DomainError `unavailable`
   */
  holds(ranges: readonly ByteRange[]): Promise<boolean>;
  /**
   * Reads durable bytes. Resolves with null if the store cannot read them before `assemble`.
   *
   * @throws DomainError `bytes-missing` or `unavailable`
   */
  read(at: number, length: number): Promise<Uint8Array | null>;
  /**
   * Puts the blob together once all chunks are durable. No `write` may follow, and every byte can
   * be read then. No client sees the blob before its item is ready. Idempotent, in any process,
   * also after `commit`.
   *
   * @throws DomainError `bytes-missing` or `unavailable`; the reason of the signal
   */
  assemble(signal: AbortSignal): Promise<void>;
  /**
   * Resolves with the SHA-256 of all bytes in lower-case hex. Reads back those that the digest has
   * not followed. Call it after `assemble`.
   *
   * @throws DomainError `bytes-missing` or `unavailable`; the reason of the signal
   */
  sha256(signal: AbortSignal): Promise<string>;
  /**
   * Makes the blob visible, once the digest is known. Hypervisors may write to it in place if it is
   * `writable`. Idempotent.
   *
   * @throws DomainError `unavailable`
   */
  commit(writable: boolean): Promise<StoredBlob>;
  /** Forgets the digest, while no other call is under way; the bytes stay. Never fails. */
  discard(): Promise<void>;
}

/** Blobs that are written in chunks, in one location. */
export interface ChunkedBlobs {
  /**
   * Returns the writer of a blob of `length` bytes whose chunks, by `chunkAt`, have `chunkSize`
   * bytes. Nothing happens before its first call. The chunk size of a blob is always the same once
   * a chunk is durable. `isBegun` says whether one is: then a blob that is missing is not created,
   * but `bytes-missing`.
   */
  chunks(id: BlobId, length: Bytes, chunkSize: Bytes, isBegun: boolean): BlobChunks;
}
