import type { Creator } from '../media/media-listing.ts';
import type { Bytes } from '../shared/bytes.ts';
import type { GroupId, PoolId } from '../shared/ids.ts';
import type { UploadId } from './upload.ts';

/** An upload that has not ended, in a list. */
export interface ListedUpload {
  readonly id: UploadId;
  readonly name: string;
  readonly group: GroupId;
  readonly pool: PoolId;
  readonly length: Bytes;
  /** How many bytes are durable. */
  readonly offset: Bytes;
  readonly state: 'open' | 'verifying';
  /** ISO 8601 in UTC, with microseconds. */
  readonly created: string;
  /** When bytes last became durable, or when it was created. */
  readonly lastActive: string;
  readonly expires: string;
  /** Null if that user was removed. */
  readonly creator: Creator | null;
}
