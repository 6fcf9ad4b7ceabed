import type { ImageFacts } from './formats/inspect-image.ts';
import type { Bytes } from '../shared/bytes.ts';
import type { BlobId, GroupId, MediaId, PoolId, UserUuid } from '../shared/ids.ts';
import type { MediaState } from './media-states.ts';

/** The default type of a new item (docs/velocity.md#media: `create` without `type`). */
export const DEFAULT_MEDIA_TYPE = 'DISK';

/** A media item. */
export interface Media {
  readonly id: MediaId;
  readonly pool: PoolId;
  /** The group that owns it; null in `removing`, `trashed`, `moving` and `unsharing`. */
  readonly group: GroupId | null;
  readonly blob: BlobId;
  /** The number of the location of its blob in the pool. Changes while the pool moves. */
  readonly location: number;
  /** Unique among all items of the pool that are neither in `removing` nor in `trashed`. */
  readonly name: string;
  readonly type: string;
  readonly size: Bytes;
  readonly readOnly: boolean;
  readonly state: MediaState;
  readonly createdBy: UserUuid;
  /** Whether deletions of it, and of its group, are refused. */
  readonly protected: boolean;
}

/** A media item in the list of a group. */
export interface ListedMedia {
  readonly id: MediaId;
  readonly pool: PoolId;
  readonly name: string;
  readonly type: string;
  readonly size: Bytes;
  /** Also true if the group has no `write` on the pool (docs/velocity.md#media). */
  readonly readOnly: boolean;
  /** Whether it is attached to a server. */
  readonly inUse: boolean;
  /**
   * SHA-256 of the whole item in lower-case hex; null if it was never computed, or a write in place
   * may have outdated it.
   */
  readonly sha256: string | null;
  /** What its bytes were recognised as. */
  readonly facts: ImageFacts;
}

/** The blob of an item, as recorded when it was complete. */
export interface StoredBlob {
  /** The bytes in the store; the rest, up to the size of the item, reads as zeros. */
  readonly storedBytes: Bytes;
  /** SHA-256 of those bytes in lower-case hex; null if it was never computed. */
  readonly sha256: string | null;
  /** Changes with every write in place; null in a store without writes in place. */
  readonly fingerprint: string | null;
}

/** A finished item with its blob. */
export interface StoredMedia {
  readonly media: Media;
  /** As recorded when it was complete. */
  readonly blob: StoredBlob;
  readonly facts: ImageFacts;
  /** Whether the last scrub found its bytes to be damaged. */
  readonly damaged: boolean;
}
