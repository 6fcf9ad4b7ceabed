import type { Caller } from '../../domain/access/caller.ts';
import type { LibraryDrive } from '../../domain/library/library-drive.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type ViewLibraryDriveFailure = 'media-not-found';

/** Shows one library drive. */
export class ViewLibraryDrive {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** `id` is null for a string that cannot be an id. */
  async run(caller: Caller, id: MediaId | null): Promise<LibraryDrive> {
    const found =
      id === null ? null : await this.#work.onBehalfOf(caller).read(async (tx) => tx.library.find(id, caller.uuid));
    if (found === null) throw new DomainError('media-not-found');
    return found;
  }
}
