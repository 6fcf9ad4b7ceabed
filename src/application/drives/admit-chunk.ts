import type { Caller } from '../../domain/access/caller.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Chunk } from '../../domain/uploads/chunks.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import type { AdmissibleChunk, ChunkedUpload, ChunkLeaseId, ChunkStart } from '../ports/chunk-repository.ts';
import type { LeaseTerms } from '../ports/media-repository.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import {
  chunkSizeOf,
  refused,
  requireChunk,
  requireChunkLength,
  startOf,
  type ChunkOrder,
  type FoundChunk,
} from '../uploads/chunk-order.ts';

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

/** What a request found that tried to acquire its chunk. */
export interface TriedChunk extends AdmissibleChunk {
  readonly isAcquired: boolean;
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
 * Tries to give a request the lease of its chunk. Resolves with the state of the chunk, and whether
 * the request has the lease.
 */
export async function acquireChunk(
  tx: Transaction,
  { id: user }: Pick<Caller, 'id'>,
  id: UploadId,
  { order, lease, terms }: ChunkRequest,
): Promise<TriedChunk | null> {
  const start = await findStart(tx, id, order);
  // Sent together, and carried out in this order.
  const [isAcquired, state] = await Promise.all([
    tx.chunks.acquire(lease, id, start, terms),
    tx.chunks.stateFor(user, id, start),
  ]);
  return state && { ...state, isAcquired };
}

/** Finds where the chunk of an order begins. Asks the database only if the order lacks the size. */
export async function findStart(tx: Transaction, id: UploadId, order: ChunkOrder): Promise<ChunkStart> {
  const fixed = order.chunkSize === null ? ((await tx.chunks.find(id))?.chunkSize ?? null) : null;
  return startOf(order, chunkSizeOf(order, fixed));
}

/**
 * Admits a request that tried to acquire its chunk; null if another process holds the lease. Only
 * the first chunk, which fixes the chunk size, locks the upload.
 *
 * @throws DomainError `chunk-stored`, `chunk-refused` or `media-not-found`
 */
export async function admitChunk(
  tx: Transaction,
  caller: Pick<Caller, 'id'>,
  tried: TriedChunk,
  request: ChunkRequest,
): Promise<AdmittedChunk | null> {
  const { id, chunkSize } = tried.upload;
  const isFixed = chunkSize !== null && (request.order.chunkSize ?? chunkSize) === chunkSize;
  if (isFixed) return admit(tx, tried, request);
  const order = { ...request.order, chunkSize: await fixChunkSize(tx, id, request.order) };
  const triedAgain = await acquireChunk(tx, caller, id, { ...request, order });
  if (triedAgain === null) throw new DomainError('media-not-found');
  return admit(tx, triedAgain, { ...request, order });
}

async function fixChunkSize(tx: Transaction, id: UploadId, order: ChunkOrder): Promise<Bytes> {
  await tx.chunks.lock(id);
  const state = await tx.chunks.stateOf(id, { from: bytes(0) });
  if (state === null) throw new DomainError('media-not-found');
  const { chunkSize } = requireChunk(state.upload, order, state.isUntouched);
  await tx.chunks.setChunkSize(id, chunkSize);
  return chunkSize;
}

async function admit(
  tx: Transaction,
  { upload, isAcquired, isStored, ranges }: TriedChunk,
  { order, length, asks }: ChunkRequest,
): Promise<AdmittedChunk | null> {
  const { chunk, chunkSize } = requireChunk(upload, order, false);
  if (isStored) throw new DomainError('chunk-stored', { number: chunk.number });
  requireChunkLength(chunk, length);
  if (ranges >= MAX_RANGES) await requireNeighbour(tx, upload.id, chunk);
  if (!isAcquired && asks) await tx.chunks.wantRelease(upload.id, chunk);
  return isAcquired ? { upload, chunk, chunkSize, isBegun: ranges > 0 } : null;
}

/** Requires that a chunk makes no further gap. */
async function requireNeighbour(tx: Transaction, id: UploadId, { from, to }: Chunk): Promise<void> {
  const behind = await tx.chunks.isStored(id, { from: to });
  const before = from > 0 && (await tx.chunks.isStored(id, { from: bytes(from - 1) }));
  if (!behind && !before) throw refused(`there are ${MAX_RANGES} gaps: send the chunks beside those that are there`);
}
