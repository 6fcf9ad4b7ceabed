import type { Caller } from '../../domain/access/caller.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import type { UploadView } from './upload-view.ts';

export type ViewUploadFailure = 'unknown-upload' | 'upload-gone' | 'permission-missing' | 'not-manager' | 'unavailable';

/** Shows an upload to its creator, and to callers that may remove media of its group. */
export interface ViewUpload {
  /**
   * `id` is null for text that is no id. Ends the upload if its creator lost the right to create
   * it.
   *
   * @throws DomainError `unknown-upload`; `upload-gone` for 24 h after it ended without an item;
   *   `permission-missing` or `not-manager` where the rights of its creator were taken away
   */
  run(caller: Caller, id: UploadId | null): Promise<UploadView>;
}
