import type { Caller } from '../../domain/access/caller.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { libraryView, viewsOf, type MediaView } from './media-view.ts';
import { requireSight, visibleLibraryDrive } from './sight.ts';

/** One piece of media as its users see it, a library drive too. */
export class ViewLabelledMedia {
  readonly #work: UnitOfWork;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, pools: Pools) {
    this.#work = work;
    this.#pools = pools;
  }

  /**
   * Fails with `media-not-found`, also for what the caller may not see. `id` is null for what can't
   * be an id.
   */
  async run(caller: Caller, id: MediaId | null): Promise<MediaView> {
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      const fromLibrary = id === null ? null : await visibleLibraryDrive(tx, caller, id);
      if (fromLibrary !== null) return libraryView(this.#pools, fromLibrary);
      const { media } = await requireSight(tx, caller, id);
      return labelledView(tx, this.#pools, caller, media.id);
    });
  }
}

/**
 * Media that are certainly there, unless they went this very moment. Fails with `media-not-found`.
 */
export async function labelledView(tx: Transaction, pools: Pools, caller: Caller, id: MediaId): Promise<MediaView> {
  const [view] = await viewsOf(tx, pools, caller, await tx.labels.findAll([id]));
  if (view === undefined) throw new DomainError('media-not-found');
  return view;
}
