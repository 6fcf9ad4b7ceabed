import type { Caller } from '../../domain/access/caller.ts';
import type { ItemDetails } from '../../domain/media/media-listing.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { KeepAnswer } from '../access/keep-answer.ts';
import type { CreateMedia, CreateOrder } from './create-media.ts';
import { viewerOf } from './view-item.ts';

/** A new item. A caller who may create items need not be one who may list them. */
export interface CreatedItem {
  readonly id: MediaId;
  /** Null if the caller does not see the item. */
  readonly item: ItemDetails | null;
}

/** Creates an empty disk, and returns everything that the caller sees of it. */
export class CreateItem {
  readonly #createMedia: CreateMedia;

  constructor(createMedia: CreateMedia) {
    this.#createMedia = createMedia;
  }

  /** Resolves when the item is durable and listed. */
  async run(
    caller: Caller,
    order: CreateOrder,
    signal: AbortSignal,
    keep: KeepAnswer<CreatedItem>,
  ): Promise<CreatedItem> {
    const seen: { item: ItemDetails | null } = { item: null };
    const id = await this.#createMedia.run(caller, order, signal, async (tx, created) => {
      seen.item = await tx.catalogue.find(viewerOf(caller), created);
      await keep(tx, { id: created, ...seen });
    });
    return { id, ...seen };
  }
}
