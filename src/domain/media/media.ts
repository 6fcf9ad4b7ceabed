import type { ImageFacts } from './formats/inspect-image.ts';
import type { Bytes } from '../shared/bytes.ts';
import type { BlobId, GroupId, MediaId, PoolId, UserUuid } from '../shared/ids.ts';
import type { MediaState } from './media-states.ts';

/**
 * The type of media made without one (docs/velocity.md#media: `create` without `type` makes a
 * `DISK`).
 */
export const DEFAULT_MEDIA_TYPE = 'DISK';

/** One piece of media. */
export interface Media {
  readonly id: MediaId;
  readonly pool: PoolId;
  /**
   * The group that owns it; null where it belongs to nobody: once it is being removed, and while it
   * holds a private copy.
   */
  readonly group: GroupId | null;
  readonly blob: BlobId;
  /**
   * The number of the place, among those of the pool, where the blob lies. It changes while the
   * pool moves.
   */
  readonly location: number;
  /** Unique in its pool among all media that are not being removed. */
  readonly name: string;
  readonly type: string;
  readonly size: Bytes;
  readonly readOnly: boolean;
  readonly state: MediaState;
  readonly createdBy: UserUuid;
}

/** Media as a group sees them in a list. */
export interface ListedMedia {
  readonly id: MediaId;
  readonly pool: PoolId;
  readonly name: string;
  readonly type: string;
  readonly size: Bytes;
  /** Also true when the group has no `write` on the pool (docs/velocity.md#media). */
  readonly readOnly: boolean;
  /** Whether a server has the item. */
  readonly inUse: boolean;
  /**
   * SHA-256 of all their bytes in lower-case hex; null where nobody counted them, or somebody may
   * have written to them since.
   */
  readonly sha256: string | null;
  /** What they were found to be when they came in. */
  readonly facts: ImageFacts;
}

/** The bytes of media once they are all there. */
export interface StoredBlob {
  /** How many bytes lie in the store; the rest, up to the size of the media, reads as zeros. */
  readonly storedBytes: Bytes;
  /** SHA-256 of those bytes in lower-case hex, or null where nobody counted them on the way. */
  readonly sha256: string | null;
  /** How the store knows later whether somebody wrote to them in place; null where nobody can. */
  readonly fingerprint: string | null;
}

/** Finished media with all that is known of their bytes. */
export interface StoredMedia {
  readonly media: Media;
  /** As they came in. */
  readonly blob: StoredBlob;
  readonly facts: ImageFacts;
  /** Whether its bytes are known not to be those that came in. */
  readonly damaged: boolean;
}
