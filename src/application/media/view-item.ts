import type { Caller } from '../../domain/access/caller.ts';
import type { ItemDetails, Viewer } from '../../domain/media/media-listing.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';

export type ViewItemFailure = 'media-not-found';

/** Shows everything that a caller sees of one item. */
export class ViewItem {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, id: MediaId): Promise<ItemDetails> {
    return this.#work.onBehalfOf(caller).read(async (tx) => requireItem(tx, caller, id));
  }
}

/**
 * Finds an item with everything that the caller sees of it.
 *
 * @throws `media-not-found`, also for a library drive
 */
export async function requireItem(tx: Transaction, caller: Caller, id: MediaId): Promise<ItemDetails> {
  const item = await tx.catalogue.find(viewerOf(caller), id);
  if (item === null) throw new DomainError('media-not-found');
  return item;
}

/** Returns the caller as the viewer of items. */
export function viewerOf({ id, token }: Caller): Viewer {
  return { id, reach: token?.groups ?? null };
}
