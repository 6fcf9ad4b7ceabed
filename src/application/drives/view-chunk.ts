import type { Caller } from '../../domain/access/caller.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import { requireChunk, type ChunkOrder } from '../uploads/chunk-order.ts';
import type { ChunkRequests } from './chunk-requests.ts';
import type { UploadCompletion } from '../uploads/upload-completion.ts';

interface Dependencies {
  readonly chunkRequests: ChunkRequests;
  readonly uploadCompletion: UploadCompletion;
}

/** Tells whether a chunk of an upload is durable. */
export class ViewChunk {
  readonly #requests: ChunkRequests;
  readonly #completion: UploadCompletion;

  constructor({ chunkRequests, uploadCompletion }: Dependencies) {
    this.#requests = chunkRequests;
    this.#completion = uploadCompletion;
  }

  /**
   * Returns whether the chunk is there; if all are, not before the item is `ready`.
   *
   * @throws DomainError as `ChunkRequests`, `chunk-refused` for a wrong number or chunk size
   */
  async run(caller: Caller, id: UploadId | null, order: ChunkOrder, signal: AbortSignal): Promise<boolean> {
    const found = await this.#requests.read(caller, id, async (tx, upload) => {
      const { chunk } = requireChunk(upload, order, upload.offset === 0);
      return (await tx.chunks.isStored(upload.id, chunk)) ? upload.id : null;
    });
    if (found !== null) await this.#completion.wait(found, signal);
    return found !== null;
  }
}
