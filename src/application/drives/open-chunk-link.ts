import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import type { ChunkLinks } from '../ports/chunk-links.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { ChunkOrder } from '../uploads/chunk-order.ts';

export type OpenChunkLinkFailure = 'chunk-link-refused' | 'unavailable';

/** The request that a link permits. */
export interface LinkedChunk {
  readonly caller: Caller;
  readonly upload: UploadId;
  readonly order: ChunkOrder;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly chunkLinks: ChunkLinks;
}

/** Identifies the caller of a link, and the chunk that the link is good for. */
export class OpenChunkLink {
  readonly #work: UnitOfWork;
  readonly #links: ChunkLinks;

  constructor({ work, chunkLinks }: Dependencies) {
    this.#work = work;
    this.#links = chunkLinks;
  }

  /** @throws DomainError `chunk-link-refused` */
  async run(token: string): Promise<LinkedChunk> {
    const grant = this.#links.verify(token);
    if (grant === null) throw new DomainError('chunk-link-refused');
    const { upload, number, chunkSize, user: id, tenant } = grant;
    const user = await this.#work.read(async (tx) => tx.users.find(id));
    if (user === null) throw new DomainError('chunk-link-refused');
    return { caller: { ...user, tenant }, upload, order: { number, chunkSize } };
  }
}
