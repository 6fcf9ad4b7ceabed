import type { Caller } from '../../domain/access/caller.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { ListedUpload } from '../../domain/uploads/upload-listing.ts';
import { viewerOf } from '../media/view-item.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { UploadLimits } from './upload-limits.ts';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly limits: Pick<UploadLimits, 'expirySeconds'>;
}

/**
 * Lists the open uploads of the caller, and those of groups in which the caller may remove media.
 */
export class ListUploads {
  readonly #work: UnitOfWork;
  readonly #expirySeconds: number;

  constructor({ work, limits }: Dependencies) {
    this.#work = work;
    this.#expirySeconds = limits.expirySeconds;
  }

  async run(caller: Caller, terms: KeysetTerms<'created'>): Promise<KeysetPage<ListedUpload>> {
    return this.#work
      .onBehalfOf(caller)
      .read(async (tx) => tx.uploads.page(viewerOf(caller), this.#expirySeconds, terms));
  }
}
