import type { IdentifyCallerFailure } from '../../../application/access/identify-caller.ts';
import type { AbortUploadFailure } from '../../../application/uploads/abort-upload.ts';
import type { AppendToUploadFailure } from '../../../application/uploads/append-to-upload.ts';
import type { CreateUploadFailure } from '../../../application/uploads/create-upload.ts';
import type { ViewUploadFailure } from '../../../application/uploads/view-upload.ts';

/** Where the protocol is mounted. */
export const ROOT = '/uploads';

type CallerFailure = IdentifyCallerFailure | 'scope-missing';

/** Every call of the protocol, with the failures of its use cases. */
export interface OperationFailures {
  'POST /': CallerFailure | CreateUploadFailure | AppendToUploadFailure;
  'HEAD /{id}': CallerFailure | ViewUploadFailure | 'upload-verifying';
  'PATCH /{id}': CallerFailure | AppendToUploadFailure;
  'DELETE /{id}': CallerFailure | AbortUploadFailure;
}

export type Operation = keyof OperationFailures;
