import { ListJobs } from '../../application/jobs/list-jobs.ts';
import { ViewJob } from '../../application/jobs/view-job.ts';
import { CloneDrive } from '../../application/drives/clone-drive.ts';
import { UpdateDrive } from '../../application/drives/update-drive.ts';
import { ListDrives } from '../../application/drives/list-drives.ts';
import { CreateDrives } from '../../application/drives/create-drives.ts';
import { DownloadDrive } from '../../application/drives/download-drive.ts';
import { UploadDrive } from '../../application/drives/upload-drive.ts';
import { RemoveDrives } from '../../application/drives/remove-drives.ts';
import { ViewDrive } from '../../application/drives/view-drive.ts';
import { CreateServers } from '../../application/servers/create-servers.ts';
import { EditServer } from '../../application/servers/edit-server.ts';
import { ListServers } from '../../application/servers/list-servers.ts';
import { RemoveServer } from '../../application/servers/remove-server.ts';
import { ViewServer } from '../../application/servers/view-server.ts';
import { CreateTags } from '../../application/tags/create-tags.ts';
import { EditTag } from '../../application/tags/edit-tag.ts';
import { ListTags } from '../../application/tags/list-tags.ts';
import { RemoveTag } from '../../application/tags/remove-tag.ts';
import { ViewTag } from '../../application/tags/view-tag.ts';
import type { CloudsigmaUseCases } from '../../adapters/http/cloudsigma/routes.ts';
import { T, type Services } from './tokens.ts';

/** What the CloudSigma dialect asks of the application. */
export function cloudsigmaUseCases(services: Services): CloudsigmaUseCases {
  const [work, stores, pools] = [services.get(T.UnitOfWork), services.get(T.BlobStores), services.get(T.Pools)];
  const [purge, random, log] = [services.get(T.Purge), services.get(T.Random), services.get(T.Log)];
  const workers = services.get(T.Workers);
  const { maxPossessions } = services.get(T.Config);
  const lists = services.get(T.LongLists);
  const removeDrives = new RemoveDrives({ work, purge, removals: services.get(T.Removals), log });
  return {
    authenticateWithPassword: services.get(T.AuthenticateWithPassword),
    viewProfile: services.get(T.ViewProfile),
    editProfile: services.get(T.EditProfile),
    listStorageTypes: services.get(T.ListStorageTypes),
    cloneDrive: new CloneDrive({ work, stores, pools, random, workers }),
    listJobs: new ListJobs(work, lists),
    viewJob: new ViewJob(work),
    updateDrive: new UpdateDrive({ work, stores, pools, resize: services.get(T.ResizeDrive), random, workers }),
    listDrives: new ListDrives(work, lists, pools),
    createDrives: new CreateDrives({ work, stores, pools, leases: services.get(T.HeldLeases), purge, random, log }),
    downloadDrive: new DownloadDrive(work, services.get(T.DownloadMedia)),
    uploadDrive: new UploadDrive({ work, upload: services.get(T.UploadMedia), pools, random }),
    removeDrives,
    viewDrive: new ViewDrive(work, pools),
    listLibrary: services.get(T.ListLibrary),
    viewLibraryDrive: services.get(T.ViewLibraryDrive),
    listLicences: services.get(T.ListLicences),
    createServers: new CreateServers(work, random, maxPossessions),
    editServer: new EditServer(work),
    listServers: new ListServers(work, lists),
    removeServer: new RemoveServer(removeDrives),
    viewServer: new ViewServer(work),
    createTags: new CreateTags(work, random, maxPossessions),
    editTag: new EditTag(work),
    listTags: new ListTags(work, lists),
    removeTag: new RemoveTag(work),
    viewTag: new ViewTag(work),
  };
}
