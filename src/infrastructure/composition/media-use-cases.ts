import type { MediaUseCases } from '../../adapters/http/native/media-use-cases.ts';
import { CancelJob } from '../../application/jobs/cancel-job.ts';
import { ListVisibleJobs } from '../../application/jobs/list-visible-jobs.ts';
import { ListLibraryByPage } from '../../application/library/list-library-by-page.ts';
import { ListLibrary } from '../../application/library/list-library.ts';
import { CloneItem } from '../../application/drives/clone-item.ts';
import { CheckOrder } from '../../application/media/check-order.ts';
import { EditItem } from '../../application/drives/edit-item.ts';
import { UpdateDrive } from '../../application/drives/update-drive.ts';
import { CreateItem } from '../../application/media/create-item.ts';
import { CreateMedia } from '../../application/media/create-media.ts';
import { ListItems } from '../../application/media/list-items.ts';
import { ViewItem } from '../../application/media/view-item.ts';
import { ListCharges } from '../../application/quotas/list-charges.ts';
import { ViewUsage } from '../../application/quotas/view-usage.ts';
import { AbortUpload } from '../../application/uploads/abort-upload.ts';
import { ListUploads } from '../../application/uploads/list-uploads.ts';
import { createImport } from './import-use-cases.ts';
import type { Services } from './tokens.ts';

/** Creates the use cases behind media, usage, jobs, uploads and the library of `/v1`. */
export function mediaUseCases(services: Services): MediaUseCases {
  const { config, work, stores, pools, random, workers } = services;
  return {
    abortUpload: new AbortUpload(services),
    cancelJob: new CancelJob(services),
    checkOrder: new CheckOrder(services),
    cloneItem: new CloneItem(services),
    createImport: createImport(services),
    editItem: new EditItem({ work, stores, pools, random, workers, updateDrive: new UpdateDrive(services) }),
    createItem: new CreateItem(new CreateMedia(services.ingest)),
    downloadMedia: services.download,
    listJobs: new ListVisibleJobs(work),
    listLibrary: new ListLibraryByPage(new ListLibrary(work)),
    listUploads: new ListUploads({ work, limits: config.uploadLimits }),
    listCharges: new ListCharges(work, pools),
    listItems: new ListItems(work),
    viewItem: new ViewItem(work),
    viewUsage: new ViewUsage(services),
  };
}
