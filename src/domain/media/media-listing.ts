import type { GroupId, MediaId, PoolId, ServerId, TagId, UserId } from '../shared/ids.ts';
import type { Bytes } from '../shared/bytes.ts';
import type { ImageFormat } from './formats/image-format.ts';
import type { ImageFacts } from './formats/inspect-image.ts';
import type { MediaState } from './media-states.ts';
import type { Provenance } from './provenance.ts';

/**
 * A user who looks at items, by credentials that may reach only some groups and their descendants.
 */
export interface Viewer {
  readonly id: UserId;
  /** Null for all groups. */
  readonly reach: readonly GroupId[] | null;
}

/** The keys that lists of media items are sorted by. */
export type MediaSort = 'created' | 'name' | 'size';

/** The conditions of a list of media items; null for none. */
export interface MediaFilter {
  readonly group: GroupId | null;
  /** Whether the descendants of `group` belong to the list. */
  readonly subtree: boolean;
  readonly pool: PoolId | null;
  readonly type: string | null;
  readonly format: ImageFormat | null;
  /** Found anywhere in the name, in either case, without wildcards. */
  readonly text: string | null;
  readonly state: MediaState | null;
  /** The digest of all bytes, in lower-case hex. */
  readonly sha256: string | null;
}

/** Returns whether a list has conditions that no index of the lists answers alone. */
export function isSearch({ format, text, state, sha256 }: MediaFilter): boolean {
  return [format, text, state, sha256].some((condition) => condition !== null);
}

/** A user as the creator of an item. */
export interface Creator {
  readonly id: UserId;
  readonly name: string;
}

/** A media item as the list of all items shows it. */
export interface ListedItem {
  readonly id: MediaId;
  readonly group: GroupId;
  readonly pool: PoolId;
  readonly name: string;
  readonly type: string;
  readonly size: Bytes;
  /** Null until its bytes have arrived. The rest, up to the size, reads as zeros. */
  readonly storedBytes: Bytes | null;
  /** Also true if the group has no `write` on the pool (docs/velocity.md#media). */
  readonly readOnly: boolean;
  readonly state: MediaState;
  /** As `ListedMedia.sha256`. */
  readonly sha256: string | null;
  /** What its bytes were recognised as; null until they have arrived. */
  readonly facts: ImageFacts | null;
  /** ISO 8601 in UTC, with microseconds. */
  readonly created: string;
  /** Null if that user was removed. */
  readonly creator: Creator | null;
  /** Whether it is attached to a server. */
  readonly inUse: boolean;
  /** Whether it is protected from deletion. */
  readonly protected: boolean;
}

/** A media item with everything that one caller sees of it. */
export interface ItemDetails extends ListedItem {
  readonly description: string | null;
  /** The tags of the caller. */
  readonly tags: readonly { readonly id: TagId; readonly name: string }[];
  /** Null for an item from an older version. */
  readonly provenance: Provenance | null;
  /** How many servers of all users have it attached. */
  readonly serverCount: number;
  /** Those of the caller, at most 100. */
  readonly servers: readonly { readonly id: ServerId; readonly name: string }[];
  /** The items that were cloned from it and that the caller sees, oldest first, at most 100. */
  readonly clones: readonly MediaId[];
  /** When a scrub last found its bytes intact; as `created`. Null if none has. */
  readonly verified: string | null;
  /** Whether the last scrub found its bytes to be damaged. */
  readonly damaged: boolean;
}
