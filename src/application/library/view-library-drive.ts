import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { shownTo, type ShownLibraryDrive } from './shown-library-drive.ts';

export type ViewLibraryDriveFailure = 'media-not-found';

/** One library drive, as everybody who is known sees it. */
export class ViewLibraryDrive {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** `id` is null for what can't be an id. */
  async run(caller: Caller, id: MediaId | null): Promise<ShownLibraryDrive> {
    return this.#work.read(async (tx) => {
      const found = id === null ? null : await tx.library.find(id);
      const [shown] = found === null ? [] : await shownTo(tx, caller, [found]);
      if (shown === undefined) throw new DomainError('media-not-found');
      return shown;
    });
  }
}
