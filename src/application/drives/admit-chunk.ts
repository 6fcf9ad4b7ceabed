import { bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Chunk } from '../../domain/uploads/chunks.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import type { ChunkedUpload, ChunkLeaseId } from '../ports/chunk-repository.ts';
import type { LeaseTerms } from '../ports/media-repository.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { refused, requireChunk, requireChunkLength, type ChunkOrder, type FoundChunk } from '../uploads/chunk-order.ts';

/** A request to send a chunk. */
export interface ChunkRequest {
  readonly order: ChunkOrder;
  /** How many bytes it will send; null if only their end will tell. */
  readonly length: number | null;
  /** The lease that it shall get. */
  readonly lease: ChunkLeaseId;
  readonly terms: LeaseTerms;
  /** Whether it asks a process that holds a lease to give it up. */
  readonly asks: boolean;
}

/** A chunk that a request may write. */
export interface AdmittedChunk extends FoundChunk {
  readonly upload: ChunkedUpload;
  /** Whether a chunk of the upload is durable. */
  readonly isBegun: boolean;
}

/** So many gaps would take long to merge; sending the chunks roughly in order makes few. */
const MAX_RANGES = 10_000;

/**
 * Admits a request to a chunk, and gives it the lease; null if another process holds one. Only the
 * first chunk, which fixes the chunk size, locks the upload.
 *
 * @throws DomainError `chunk-stored`, `chunk-refused` or `media-not-found`
 */
export async function admitChunk(
  tx: Transaction,
  upload: ChunkedUpload,
  request: ChunkRequest,
): Promise<AdmittedChunk | null> {
  const { chunkSize } = upload;
  const isFixed = chunkSize !== null && (request.order.chunkSize ?? chunkSize) === chunkSize;
  return acquire(tx, isFixed ? upload : await fixChunkSize(tx, upload.id, request.order), request);
}

async function fixChunkSize(tx: Transaction, id: UploadId, order: ChunkOrder): Promise<ChunkedUpload> {
  await tx.chunks.lock(id);
  const state = await tx.chunks.stateOf(id, { from: bytes(0) });
  if (state === null) throw new DomainError('media-not-found');
  const { chunkSize } = requireChunk(state.upload, order, state.isUntouched);
  await tx.chunks.setChunkSize(id, chunkSize);
  return { ...state.upload, chunkSize };
}

async function acquire(
  tx: Transaction,
  upload: ChunkedUpload,
  { order, length, lease, terms, asks }: ChunkRequest,
): Promise<AdmittedChunk | null> {
  const { id } = upload;
  const { chunk, chunkSize } = requireChunk(upload, order, true);
  // Sent together, and carried out in this order.
  const [isAcquired, state] = await Promise.all([
    tx.chunks.acquire(lease, id, chunk, terms),
    tx.chunks.stateOf(id, chunk),
  ]);
  if (state === null) throw new DomainError('media-not-found');
  // Another first chunk may have fixed another size meanwhile.
  requireChunk(state.upload, { ...order, chunkSize }, false);
  if (state.isStored) throw new DomainError('chunk-stored', { number: chunk.number });
  requireChunkLength(chunk, length);
  if (state.ranges >= MAX_RANGES) await requireNeighbour(tx, id, chunk);
  if (!isAcquired && asks) await tx.chunks.wantRelease(id, chunk);
  return isAcquired ? { upload: state.upload, chunk, chunkSize, isBegun: state.ranges > 0 } : null;
}

/** Requires that a chunk makes no further gap. */
async function requireNeighbour(tx: Transaction, id: UploadId, { from, to }: Chunk): Promise<void> {
  const behind = await tx.chunks.isStored(id, { from: to });
  const before = from > 0 && (await tx.chunks.isStored(id, { from: bytes(from - 1) }));
  if (!behind && !before) throw refused(`there are ${MAX_RANGES} gaps: send the chunks beside those that are there`);
}
