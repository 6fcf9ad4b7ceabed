import type { Caller } from '../../domain/access/caller.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import type { AdmissionFailure } from '../media/admit.ts';
import type { UploadView } from './upload-view.ts';

/** An upload to create. */
export interface UploadOrder {
  readonly name: string;
  readonly group: GroupId;
  /** Null for the default pool. */
  readonly pool: PoolId | null;
  /** Null for ISO or DISK, by the bytes. */
  readonly type: string | null;
  readonly length: Bytes;
  /** Null for true if it is an ISO, else false. */
  readonly readOnly: boolean | null;
  /** SHA-256 that the bytes must have, in lower-case hex. */
  readonly sha256: string | null;
}

export type CreateUploadFailure =
  AdmissionFailure | 'pool-not-resumable' | 'too-many-possessions' | 'no-space' | 'unavailable';

/** Creates an upload that outlives the request. */
export interface CreateUpload {
  /**
   * Returns the same upload if the caller creates it again (group, pool, name, length and `sha256`)
   * while it is open at offset 0. An upload of length 0 is finished when this resolves.
   */
  run(caller: Caller, order: UploadOrder): Promise<UploadView>;
}
