import type { LibraryDrive } from '../../domain/library/library-drive.ts';
import { findPool, type Pools } from '../../domain/pools/pool.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type ViewLibraryDriveFailure = 'media-not-found';

/** A library drive, and what it lies on. */
export interface ViewedLibraryDrive {
  readonly libraryDrive: LibraryDrive;
  /** Of its pool; null while that is not configured. */
  readonly storageType: string | null;
}

/** One library drive, as everybody who is known sees it. */
export class ViewLibraryDrive {
  readonly #work: UnitOfWork;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, pools: Pools) {
    this.#work = work;
    this.#pools = pools;
  }

  /** `id` is null for what can't be an id. */
  async run(id: MediaId | null): Promise<ViewedLibraryDrive> {
    const libraryDrive = id === null ? null : await this.#work.run((tx) => tx.library.find(id));
    if (libraryDrive === null) throw new DomainError('media-not-found');
    return { libraryDrive, storageType: findPool(this.#pools, libraryDrive.pool)?.storageType ?? null };
  }
}
