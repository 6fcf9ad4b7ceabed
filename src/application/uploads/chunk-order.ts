import { bytes, MAX_BYTES, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { chunkAt, chunkCount, type Chunk } from '../../domain/uploads/chunks.ts';
import type { ChunkedUpload, ChunkStart } from '../ports/chunk-repository.ts';

/** A chunk, as a client names it. */
export interface ChunkOrder {
  /** Zero-based. */
  readonly number: number;
  /** Null for that of the upload, or the default before the first chunk. */
  readonly chunkSize: Bytes | null;
  /** The length of the whole upload, if the client says it. */
  readonly length?: Bytes;
}

/** The chunk that a client means, in an upload of this chunk size. */
export interface FoundChunk {
  readonly chunk: Chunk;
  readonly chunkSize: Bytes;
}

const DEFAULT_CHUNK_BYTES = bytes(5 * 1024 * 1024);

/** Returns the chunk size of an order, for an upload with this one. */
export function chunkSizeOf(order: ChunkOrder, fixed: Bytes | null): Bytes {
  return order.chunkSize ?? fixed ?? DEFAULT_CHUNK_BYTES;
}

/** Returns where the chunk of an order begins, if the upload is that long. */
export function startOf({ number }: ChunkOrder, chunkSize: Bytes): ChunkStart {
  return { from: bytes(Math.min(Math.max(0, number) * chunkSize, MAX_BYTES)), chunkSize };
}

/**
 * Returns the chunk of an order. The first chunk fixes the chunk size; `isUntouched` says whether
 * there is none yet.
 *
 * @throws DomainError `chunk-refused`
 */
export function requireChunk(
  { length, chunkSize: fixed }: ChunkedUpload,
  order: ChunkOrder,
  isUntouched: boolean,
): FoundChunk {
  if (order.length !== undefined && order.length !== length) throw refused(`the drive has ${length} bytes`);
  const chunkSize = chunkSizeOf(order, fixed);
  if (!isUntouched && fixed !== null && fixed !== chunkSize) {
    throw refused(`the first chunk fixed the chunk size: it is ${fixed} bytes`);
  }
  const chunk = chunkAt(length, chunkSize, order.number);
  if (chunk === null) throw refused(`the drive has ${chunkCount(length, chunkSize)} chunks of this size`);
  return { chunk, chunkSize };
}

/** @throws DomainError `chunk-refused` unless `length` is that of the chunk; null for unknown */
export function requireChunkLength({ from, to }: Chunk, length: number | null): void {
  if (length !== null && length !== to - from) throw wrongLength({ from, to });
}

/** The failure of a body with more or fewer bytes than its chunk. */
export function wrongLength({ from, to }: Pick<Chunk, 'from' | 'to'>): DomainError {
  return refused(`the chunk has exactly ${to - from} bytes`);
}

/** The failure of a request for a chunk that the upload does not take. */
export function refused(reason: string): DomainError {
  return new DomainError('chunk-refused', { reason });
}
