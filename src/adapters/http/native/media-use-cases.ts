import type { CancelJob } from '../../../application/jobs/cancel-job.ts';
import type { ListVisibleJobs } from '../../../application/jobs/list-visible-jobs.ts';
import type { ListLibraryByPage } from '../../../application/library/list-library-by-page.ts';
import type { CloneItem } from '../../../application/drives/clone-item.ts';
import type { CheckOrder } from '../../../application/media/check-order.ts';
import type { EditItem } from '../../../application/drives/edit-item.ts';
import type { CreateImport } from '../../../application/imports/create-import.ts';
import type { CreateItem } from '../../../application/media/create-item.ts';
import type { DownloadMedia } from '../../../application/media/download-media.ts';
import type { ListItems } from '../../../application/media/list-items.ts';
import type { ViewItem } from '../../../application/media/view-item.ts';
import type { ListCharges } from '../../../application/quotas/list-charges.ts';
import type { ViewUsage } from '../../../application/quotas/view-usage.ts';
import type { AbortUpload } from '../../../application/uploads/abort-upload.ts';
import type { ListUploads } from '../../../application/uploads/list-uploads.ts';

/** The use cases behind media, usage, jobs, uploads and the library. */
export interface MediaUseCases {
  readonly abortUpload: AbortUpload;
  readonly cancelJob: CancelJob;
  readonly checkOrder: CheckOrder;
  readonly cloneItem: CloneItem;
  readonly editItem: EditItem;
  readonly createImport: CreateImport;
  readonly createItem: CreateItem;
  readonly downloadMedia: DownloadMedia;
  readonly listJobs: ListVisibleJobs;
  readonly listLibrary: ListLibraryByPage;
  readonly listUploads: ListUploads;
  readonly listCharges: ListCharges;
  readonly listItems: ListItems;
  readonly viewItem: ViewItem;
  readonly viewUsage: ViewUsage;
}
