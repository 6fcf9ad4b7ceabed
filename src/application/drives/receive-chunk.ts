import type { Caller } from '../../domain/access/caller.ts';
import { HEAD_BYTES } from '../../domain/media/formats/inspect-image.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { Chunk } from '../../domain/uploads/chunks.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import type { InspectItemDependencies } from '../media/inspect-item.ts';
import type { UploadSlots } from '../media/upload-slots.ts';
import type { BlobChunks } from '../ports/blob-chunks.ts';
import type { ByteSource } from '../ports/blob-store.ts';
import type { ChunkedUpload, RecordedChunk } from '../ports/chunk-repository.ts';
import type { ChunkLease, ChunkLeases } from '../uploads/chunk-leases.ts';
import { wrongLength, type ChunkOrder } from '../uploads/chunk-order.ts';
import type { AdmittedChunk } from './admit-chunk.ts';
import type { ChunkRequestFailure, ChunkRequests } from './chunk-requests.ts';
import type { ChunkRecords } from '../uploads/chunk-records.ts';
import type { ChunkSessions } from '../uploads/chunk-sessions.ts';
import type { EndUpload } from '../uploads/end-upload.ts';
import { inspectUpload } from '../uploads/inspect-upload.ts';
import type { UploadCompletion } from '../uploads/upload-completion.ts';

export type ReceiveChunkFailure =
  | ChunkRequestFailure
  | 'chunk-stored'
  | 'upload-locked'
  | 'upload-gone'
  | 'body-cut-off'
  | 'body-too-slow'
  | 'format-refused'
  | 'quota-exceeded'
  | 'no-space';

/** The bytes of one chunk. */
export interface ChunkBody {
  /** Not iterated before everything else was checked. */
  readonly source: ByteSource;
  /** How many bytes it has; null if only its end will tell. */
  readonly length: number | null;
}

const RETRY_AFTER_SECONDS = 1;

interface Dependencies extends InspectItemDependencies {
  readonly uploadSlots: UploadSlots;
  readonly chunkLeases: ChunkLeases;
  readonly chunkRequests: ChunkRequests;
  readonly chunkRecords: ChunkRecords;
  readonly chunkSessions: ChunkSessions;
  readonly uploadCompletion: UploadCompletion;
  readonly endUpload: EndUpload;
}

/** Stores one chunk of an upload, and finishes the upload with the last missing one. */
export class ReceiveChunk {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Resolves when the chunk is durable; with the last missing one, when the item is `ready`. A
   * chunk that fails leaves nothing that counts.
   *
   * @throws DomainError `chunk-stored` when all its bytes are there, once the item is `ready` if
   *   that was the last one; `chunk-refused` for a wrong number, chunk size or length;
   *   `upload-locked` where another request has the chunk and does not give it up in time;
   *   `format-refused` and `quota-exceeded` (a thin image) end the upload
   */
  async run(
    caller: Caller,
    id: UploadId | null,
    order: ChunkOrder,
    body: ChunkBody,
    signal: AbortSignal,
  ): Promise<void> {
    const { lease, stored } = await this.#acquire(caller, id, order, body, signal);
    let recorded: RecordedChunk;
    try {
      const release = this.#dependencies.uploadSlots.acquire(caller, stored.upload.pool);
      try {
        recorded = await this.#store(stored, lease, body.source, signal);
      } finally {
        release();
      }
    } catch (error) {
      throw await this.#outcome(caller, stored, lease, error);
    } finally {
      await lease.release();
    }
    if (recorded.state === 'verifying') await this.#dependencies.uploadCompletion.run(caller, stored.upload, signal);
  }

  async #acquire(
    caller: Caller,
    id: UploadId | null,
    order: ChunkOrder,
    { length }: ChunkBody,
    signal: AbortSignal,
  ): Promise<{ readonly lease: ChunkLease; readonly stored: AdmittedChunk }> {
    if (id === null) throw new DomainError('media-not-found');
    const { chunkLeases, chunkRequests } = this.#dependencies;
    // Only a request that may send the chunk interrupts the one that does.
    if (chunkLeases.isHeld(id, order.number)) await chunkRequests.find(caller, id, order);
    try {
      return await chunkLeases.acquire(id, order.number, async (lease, terms, asks) =>
        chunkRequests.admit(caller, id, { order, length, lease, terms, asks }),
      );
    } catch (error) {
      if (isFailure(error, 'chunk-stored')) await this.#dependencies.uploadCompletion.wait(id, signal);
      throw error;
    }
  }

  async #store(
    { upload, chunk, chunkSize, isBegun }: AdmittedChunk,
    lease: ChunkLease,
    source: ByteSource,
    signal: AbortSignal,
  ): Promise<RecordedChunk> {
    const { blob, end } = this.#dependencies.chunkSessions.use(upload, chunkSize, isBegun);
    try {
      const inspected = chunk.from === 0 ? inspectUpload(upload, this.#dependencies).through(source) : source;
      const stop = AbortSignal.any([signal, lease.signal]);
      await blob.write(chunk, confirmed(inspected, lease.confirm), stop, lease.until);
      const recorded = await this.#record(upload, lease, chunk);
      blob.advance(recorded.prefix);
      if (recorded.state === 'open') await this.#inspectHead(upload, blob, chunk, recorded);
      return recorded;
    } finally {
      end();
    }
  }

  async #record({ id }: ChunkedUpload, lease: ChunkLease, chunk: Chunk): Promise<RecordedChunk> {
    lease.confirm();
    const recorded = await this.#dependencies.chunkRecords.record(lease.id, id, chunk);
    if (recorded !== null) {
      lease.end();
      return recorded;
    }
    lease.signal.throwIfAborted();
    const upload = await this.#dependencies.work.read(async (tx) => tx.chunks.find(id));
    if (upload === null || upload.state === 'ended') throw new DomainError('upload-gone');
    throw new DomainError('upload-locked', { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }

  /** Inspects the head of an image whose first chunk is shorter, once all of the head is there. */
  async #inspectHead(
    upload: ChunkedUpload,
    blob: BlobChunks,
    { from, to }: Chunk,
    { prefix }: RecordedChunk,
  ): Promise<void> {
    const wasInspected = from >= HEAD_BYTES || (from === 0 && to >= HEAD_BYTES);
    if (wasInspected || prefix < HEAD_BYTES) return;
    await inspectUpload(upload, this.#dependencies).resume(prefix, async (at, length) => blob.read(at, length));
  }

  /** What the client hears of a failure. */
  async #outcome(
    caller: Caller,
    { upload, chunk }: AdmittedChunk,
    { signal }: ChunkLease,
    error: unknown,
  ): Promise<unknown> {
    const failure = signal.aborted ? (signal.reason as unknown) : error;
    if (isFailure(failure, 'body-too-short') || isFailure(failure, 'body-too-long')) return wrongLength(chunk);
    return this.#dependencies.endUpload.after(failure, upload, { by: caller, action: 'media.upload' });
  }
}

/** Yields the bytes of `source`; calls `confirm` before each piece of them, and at the end. */
async function* confirmed(source: ByteSource, confirm: () => void): ByteSource {
  for await (const piece of source) {
    confirm();
    yield piece;
  }
  confirm();
}
