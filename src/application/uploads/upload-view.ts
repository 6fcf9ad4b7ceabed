import type { Bytes } from '../../domain/shared/bytes.ts';
import type { GroupId, MediaId, PoolId } from '../../domain/shared/ids.ts';
import type { UploadId, UploadState } from '../../domain/uploads/upload.ts';

/** An upload as its creator sees it. */
export interface UploadView {
  readonly id: UploadId;
  readonly name: string;
  readonly group: GroupId;
  readonly pool: PoolId;
  readonly length: Bytes;
  /** How many bytes are durable: they survive a crash. */
  readonly offset: Bytes;
  readonly state: Exclude<UploadState, 'ended'>;
  /** What its client sent when it was created, unchanged; null if nothing. */
  readonly metadata: string | null;
  /** When it ends unless bytes arrive; of a finished one, until when it is remembered. */
  readonly expiresAt: Date;
  /** The finished item; null before. */
  readonly media: MediaId | null;
}
