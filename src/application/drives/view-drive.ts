import type { Caller } from '../../domain/access/caller.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { libraryView, viewsOf, type DriveView } from './drive-view.ts';
import { requireVisible, visibleLibraryDrive } from './visible-media.ts';

/** Shows one drive, also a library drive. */
export class ViewDrive {
  readonly #work: UnitOfWork;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, pools: Pools) {
    this.#work = work;
    this.#pools = pools;
  }

  /**
   * `id` is null for a string that cannot be an id.
   *
   * @throws `media-not-found`, also for an item that the caller does not see
   */
  async run(caller: Caller, id: MediaId | null): Promise<DriveView> {
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      const fromLibrary = id === null ? null : await visibleLibraryDrive(tx, caller, id);
      if (fromLibrary !== null) return libraryView(this.#pools, fromLibrary);
      const { media } = await requireVisible(tx, caller, id);
      return driveView(tx, this.#pools, caller, media.id);
    });
  }
}

/**
 * Returns the view of an item that exists.
 *
 * @throws `media-not-found` when it was removed just now
 */
export async function driveView(tx: Transaction, pools: Pools, caller: Caller, id: MediaId): Promise<DriveView> {
  const [view] = await viewsOf(tx, pools, caller, await tx.labels.findAll([id]));
  if (view === undefined) throw new DomainError('media-not-found');
  return view;
}
