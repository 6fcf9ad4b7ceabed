import type { Caller } from '../../domain/access/caller.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';

export type AbortUploadFailure = 'unknown-upload' | 'upload-gone' | 'unavailable';

/** Ends an upload at once: its name and its charge are free when this resolves. */
export interface AbortUpload {
  /** @throws DomainError `unknown-upload`, also for a finished one, whose item stays; `upload-gone` */
  run(caller: Caller, id: UploadId | null): Promise<void>;
}
