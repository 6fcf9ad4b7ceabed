import type { Bytes } from '../../domain/shared/bytes.ts';
import type { InstanceId, UserId } from '../../domain/shared/ids.ts';
import type { Chunk } from '../../domain/uploads/chunks.ts';
import type { Upload, UploadId, UploadState } from '../../domain/uploads/upload.ts';
import type { CreationRights } from '../../domain/uploads/creation-rights.ts';
import type { ByteRange } from './blob-chunks.ts';
import type { LeaseTerms } from './media-repository.ts';
import type { RenewedLease } from './upload-repository.ts';

declare const leaseId: unique symbol;

/** Identifies one lease on one chunk. */
export type ChunkLeaseId = string & { readonly [leaseId]: true };

/** An upload whose bytes arrive in chunks, in any order. */
export interface ChunkedUpload extends Upload {
  /** Null before the first chunk. */
  readonly chunkSize: Bytes | null;
}

/** An upload, and what is known of one of its chunks. */
export interface ChunkState {
  readonly upload: ChunkedUpload;
  /** As `isStored` of the repository. */
  readonly isStored: boolean;
  /** Whether no chunk is durable or under way, so that the chunk size may still change. */
  readonly isUntouched: boolean;
  /** How many ranges of durable bytes there are, with gaps between them. */
  readonly ranges: number;
}

/** A chunk state, and whether a user may still create the upload. */
export interface AdmissibleChunk extends ChunkState {
  readonly rights: CreationRights;
}

/** Where a chunk begins. */
export interface ChunkStart {
  readonly from: Bytes;
  /** The size that the upload's chunks have to have; by default any. */
  readonly chunkSize?: Bytes;
}

/** What an upload is after a chunk was recorded. */
export interface RecordedChunk {
  readonly state: UploadState;
  /** All bytes before it are durable. */
  readonly prefix: Bytes;
}

/**
 * The chunks of uploads, and which requests write them. Times are by the database's clock. Rows are
 * locked in this order: group → upload → lease.
 */
export interface ChunkRepository {
  /** Makes a new upload one that takes chunks. */
  begin(id: UploadId): Promise<void>;
  /** Returns null for an upload that does not take chunks. */
  find(id: UploadId): Promise<ChunkedUpload | null>;
  /** Locks the upload until the transaction ends: nothing is acquired or recorded meanwhile. */
  lock(id: UploadId): Promise<void>;
  /** As `find`, with what is known of a chunk. */
  stateOf(id: UploadId, chunk: Pick<Chunk, 'from'>): Promise<ChunkState | null>;
  /** As `stateOf`, with the rights of `user` on the group and the pool of the upload. */
  stateFor(user: UserId, id: UploadId, chunk: Pick<Chunk, 'from'>): Promise<AdmissibleChunk | null>;
  /** Whether a chunk is durable; of an empty upload, whether it is complete. */
  isStored(id: UploadId, chunk: Pick<Chunk, 'from'>): Promise<boolean>;
  /** Returns the ranges of durable bytes, with gaps between them, in their order. */
  rangesOf(id: UploadId): Promise<readonly ByteRange[]>;
  /** Returns up to where all bytes are durable. */
  prefixOf(id: UploadId): Promise<Bytes>;
  /** Fixes the size of the chunks. The caller has locked the upload. */
  setChunkSize(id: UploadId, chunkSize: Bytes): Promise<void>;
  /**
   * Gives `lease` on a chunk to `terms.holder`, unless another process holds one, the upload is not
   * open or its chunks have another size. Returns whether it did. If so, the group of the upload
   * and the size of its chunks stay until the transaction ends, and whether the chunk is durable
   * until the lease does: ask for them after this.
   */
  acquire(lease: ChunkLeaseId, id: UploadId, chunk: ChunkStart, terms: LeaseTerms): Promise<boolean>;
  /** Asks the process that holds the lease to give it up, and notifies it once this commits. */
  wantRelease(id: UploadId, chunk: Pick<Chunk, 'from'>): Promise<void>;
  /** Renews leases that `terms.holder` still holds. Returns those, and what is true of them. */
  renew(leases: readonly ChunkLeaseId[], terms: LeaseTerms): Promise<readonly RenewedLease<ChunkLeaseId>[]>;
  /** Gives up leases of `holder`: the one given, or all of them. */
  release(holder: InstanceId, lease?: ChunkLeaseId): Promise<void>;
  /**
   * Records that a chunk is durable, puts the expiry of the upload off, and ends the lease; the
   * upload becomes `verifying` when that was the last chunk. Returns null, and changes nothing,
   * unless the lease is still held and the upload is open.
   */
  record(lease: ChunkLeaseId, id: UploadId, chunk: Chunk, expirySeconds: number): Promise<RecordedChunk | null>;
}
