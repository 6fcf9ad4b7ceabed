import type { ListedItem, MediaFilter, MediaSort } from '../../domain/media/media-listing.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { UserId } from '../../domain/shared/ids.ts';

/** The media items of all groups, as one list. */
export interface CatalogueRepository {
  /**
   * Returns a page of the items of a user that match: items in every group where the user holds
   * `velocity.media.list` and to which the pool is assigned, in any state but `removing` and
   * `trashed`, without those of the library.
   */
  list(user: UserId, filter: MediaFilter, terms: KeysetTerms<MediaSort>): Promise<KeysetPage<ListedItem>>;
}
