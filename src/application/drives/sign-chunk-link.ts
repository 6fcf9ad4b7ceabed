import type { Caller } from '../../domain/access/caller.ts';
import { WITHOUT_HOME } from '../../domain/access/tenant.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import type { ChunkLinks } from '../ports/chunk-links.ts';
import type { ChunkOrder } from '../uploads/chunk-order.ts';
import type { ChunkRequestFailure, ChunkRequests } from './chunk-requests.ts';
import type { UploadCompletion } from '../uploads/upload-completion.ts';

export type SignChunkLinkFailure = ChunkRequestFailure | 'chunk-stored';

interface Dependencies {
  readonly chunkLinks: ChunkLinks;
  readonly chunkRequests: ChunkRequests;
  readonly uploadCompletion: UploadCompletion;
}

/** Makes links with which a chunk can be sent without further credentials. */
export class SignChunkLink {
  readonly #links: ChunkLinks;
  readonly #requests: ChunkRequests;
  readonly #completion: UploadCompletion;

  constructor({ chunkLinks, chunkRequests, uploadCompletion }: Dependencies) {
    this.#links = chunkLinks;
    this.#requests = chunkRequests;
    this.#completion = uploadCompletion;
  }

  /**
   * Returns the token of a link to one chunk.
   *
   * @throws DomainError as `ChunkRequests`, `chunk-refused` for a wrong number or chunk size;
   *   `chunk-stored` when the chunk is there, and the item `ready` if all are
   */
  async run(caller: Caller, id: UploadId | null, order: ChunkOrder, signal: AbortSignal): Promise<string> {
    try {
      const { upload, chunk, chunkSize, isStored } = await this.#requests.find(caller, id, order);
      const { number } = chunk;
      if (isStored) throw new DomainError('chunk-stored', { number });
      const { id: user, uuid, name, tenant = WITHOUT_HOME } = caller;
      return this.#links.sign({ upload: upload.id, number, chunkSize, caller: { id: user, uuid, name, tenant } });
    } catch (error) {
      if (isFailure(error, 'chunk-stored') && id !== null) await this.#completion.wait(id, signal);
      throw error;
    }
  }
}
