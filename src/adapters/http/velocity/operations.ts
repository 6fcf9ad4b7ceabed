import type { CreateMediaFailure } from '../../../application/media/create-media.ts';
import type { ListMediaFailure } from '../../../application/media/list-media.ts';
import type { RemoveMediaFailure } from '../../../application/media/remove-media.ts';
import type { UploadMediaFailure } from '../../../application/media/upload-media.ts';
import type { AssignPoolFailure } from '../../../application/pools/assign-pool.ts';
import type { ListPoolsFailure } from '../../../application/pools/list-pools.ts';
import type { RevokePoolFailure } from '../../../application/pools/revoke-pool.ts';

/** Every call of the dialect that can fail in its own way, with the failures of its use case. */
export interface OperationFailures {
  'PUT /m/pool/assign': AssignPoolFailure;
  'DELETE /m/pool/assign': RevokePoolFailure;
  'POST /m/pool/list': ListPoolsFailure;
  'PUT /m/media/create': CreateMediaFailure;
  'PUT /m/media/upload': UploadMediaFailure;
  'DELETE /m/media': RemoveMediaFailure;
  'POST /m/media/list': ListMediaFailure;
}

export type Operation = keyof OperationFailures;
