import type { ItemDetails, ListedItem, MediaFilter, MediaSort, Viewer } from '../../domain/media/media-listing.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { MediaId } from '../../domain/shared/ids.ts';

/** The media items of all groups, as one list. */
export interface CatalogueRepository {
  /**
   * Returns a page of the items of a user that match: items in every group where the user holds
   * `velocity.media.list` and to which the pool is assigned, in any state but `removing` and
   * `trashed`, without those of the library.
   */
  list(viewer: Viewer, filter: MediaFilter, terms: KeysetTerms<MediaSort>): Promise<KeysetPage<ListedItem>>;
  /** Returns an item of that list with everything that the user sees of it; null if it has none. */
  find(viewer: Viewer, id: MediaId): Promise<ItemDetails | null>;
  describe(id: MediaId, description: string | null): Promise<void>;
}
