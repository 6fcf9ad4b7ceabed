import type { Media } from '../../domain/media/media.ts';
import type { Placement } from '../../domain/pools/placement.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId } from '../../domain/shared/ids.ts';

/** An item that a group owns. */
export type OwnedMedia = Media & { readonly group: GroupId };

/**
 * Requires that a locked item is still where its rights were checked.
 *
 * @throws `media-not-found` if it was removed meanwhile, `media-busy` if it moved to another group
 *   or pool
 */
export function requireUnmoved(media: Media, checked: Placement): OwnedMedia {
  const { group } = media;
  if (group === null) throw new DomainError('media-not-found');
  if (group !== checked.group || media.pool !== checked.pool) throw new DomainError('media-busy');
  return { ...media, group };
}
