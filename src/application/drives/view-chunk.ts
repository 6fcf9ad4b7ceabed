import type { Caller } from '../../domain/access/caller.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import type { ChunkOrder } from '../uploads/chunk-order.ts';
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
    const { upload, isStored } = await this.#requests.find(caller, id, order);
    if (isStored) await this.#completion.wait(upload.id, signal);
    return isStored;
  }
}
