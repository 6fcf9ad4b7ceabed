import type { CloudsigmaUseCases } from '../../adapters/http/cloudsigma/routes.ts';
import { AuthenticateWithPassword } from '../../application/access/authenticate-with-password.ts';
import { EditProfile } from '../../application/access/edit-profile.ts';
import { ViewProfile } from '../../application/access/view-profile.ts';
import { CloneDrive } from '../../application/drives/clone-drive.ts';
import { CreateDrives } from '../../application/drives/create-drives.ts';
import { DownloadDrive } from '../../application/drives/download-drive.ts';
import { ListDrives } from '../../application/drives/list-drives.ts';
import { RemoveDrives } from '../../application/drives/remove-drives.ts';
import { UpdateDrive } from '../../application/drives/update-drive.ts';
import { UploadDrive } from '../../application/drives/upload-drive.ts';
import { ViewDrive } from '../../application/drives/view-drive.ts';
import { ListJobs } from '../../application/jobs/list-jobs.ts';
import { ViewJob } from '../../application/jobs/view-job.ts';
import { ListLibrary } from '../../application/library/list-library.ts';
import { ListLicences } from '../../application/library/list-licences.ts';
import { ViewLibraryDrive } from '../../application/library/view-library-drive.ts';
import { ListStorageTypes } from '../../application/pools/list-storage-types.ts';
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
import { chunkUseCases } from './chunk-use-cases.ts';
import type { Services } from './tokens.ts';

/** Creates the use cases behind the CloudSigma API. */
export function cloudsigmaUseCases(services: Services): CloudsigmaUseCases {
  const { config, work, pools, lists, random, verify, verified, download } = services;
  const { maxPossessions } = config;
  const removeDrives = new RemoveDrives(services);
  return {
    ...chunkUseCases(services),
    authenticateWithPassword: new AuthenticateWithPassword(verify, verified),
    viewProfile: new ViewProfile(work),
    editProfile: new EditProfile(work),
    listStorageTypes: new ListStorageTypes(pools),
    cloneDrive: new CloneDrive(services),
    listJobs: new ListJobs(work, lists),
    viewJob: new ViewJob(work),
    updateDrive: new UpdateDrive(services),
    listDrives: new ListDrives(work, lists, pools),
    createDrives: new CreateDrives(services),
    downloadDrive: new DownloadDrive(work, download),
    uploadDrive: new UploadDrive(services),
    removeDrives,
    viewDrive: new ViewDrive(work, pools),
    listLibrary: new ListLibrary(work),
    viewLibraryDrive: new ViewLibraryDrive(work),
    listLicences: new ListLicences(work),
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
