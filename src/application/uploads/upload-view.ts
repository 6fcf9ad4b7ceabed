import type { Bytes } from '../../domain/shared/bytes.ts';
import type { GroupId, MediaId, PoolId } from '../../domain/shared/ids.ts';

/** An upload has the id of its media item. */
export type UploadId = MediaId;

/**
 * - `open`: bytes are missing.
 * - `verifying`: all bytes are durable, the item is not finished yet.
 * - `finished`: the item is `ready`.
 */
export type UploadState = 'open' | 'verifying' | 'finished';

/** An upload as its creator sees it. */
export interface UploadView {
  readonly id: UploadId;
  readonly name: string;
  readonly group: GroupId;
  readonly pool: PoolId;
  readonly length: Bytes;
  /** How many bytes are durable: they survive a crash. */
  readonly offset: Bytes;
  readonly state: UploadState;
  /** When it ends unless bytes arrive; of a finished one, until when it is remembered. */
  readonly expiresAt: Date;
  /** The finished item; null before. */
  readonly media: MediaId | null;
}
