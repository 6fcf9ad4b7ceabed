import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import type { ChunkLinks } from '../ports/chunk-links.ts';
import type { ChunkOrder } from '../uploads/chunk-order.ts';

export type OpenChunkLinkFailure = 'chunk-link-refused';

/** The request that a link permits. */
export interface LinkedChunk {
  readonly caller: Caller;
  readonly upload: UploadId;
  readonly order: ChunkOrder;
}

/** Identifies the caller of a link, and the chunk that the link is good for. Asks no database. */
export class OpenChunkLink {
  readonly #links: ChunkLinks;

  constructor(chunkLinks: ChunkLinks) {
    this.#links = chunkLinks;
  }

  /** @throws DomainError `chunk-link-refused` */
  run(token: string): LinkedChunk {
    const grant = this.#links.verify(token);
    if (grant === null) throw new DomainError('chunk-link-refused');
    const { caller, upload, number, chunkSize } = grant;
    return { caller, upload, order: { number, chunkSize } };
  }
}
