import type { RequestHandler, Router } from 'express';
import type { EditProfile } from '../../../application/access/edit-profile.ts';
import type { AuthenticateWithPassword } from '../../../application/access/authenticate-with-password.ts';
import type { ViewProfile } from '../../../application/access/view-profile.ts';
import type { ListJobs } from '../../../application/jobs/list-jobs.ts';
import type { ViewJob } from '../../../application/jobs/view-job.ts';
import type { ListLibrary } from '../../../application/library/list-library.ts';
import type { ListLicences } from '../../../application/library/list-licences.ts';
import type { ViewLibraryDrive } from '../../../application/library/view-library-drive.ts';
import type { CloneDrive } from '../../../application/drives/clone-drive.ts';
import type { UpdateDrive } from '../../../application/drives/update-drive.ts';
import type { ListDrives } from '../../../application/drives/list-drives.ts';
import type { CreateDrives } from '../../../application/drives/create-drives.ts';
import type { DownloadDrive } from '../../../application/drives/download-drive.ts';
import type { UploadDrive } from '../../../application/drives/upload-drive.ts';
import type { RemoveDrives } from '../../../application/drives/remove-drives.ts';
import type { ViewDrive } from '../../../application/drives/view-drive.ts';
import type { CreateServers } from '../../../application/servers/create-servers.ts';
import type { EditServer } from '../../../application/servers/edit-server.ts';
import type { ListServers } from '../../../application/servers/list-servers.ts';
import type { RemoveServer } from '../../../application/servers/remove-server.ts';
import type { ViewServer } from '../../../application/servers/view-server.ts';
import type { CreateTags } from '../../../application/tags/create-tags.ts';
import type { EditTag } from '../../../application/tags/edit-tag.ts';
import type { ListTags } from '../../../application/tags/list-tags.ts';
import type { RemoveTag } from '../../../application/tags/remove-tag.ts';
import type { ViewTag } from '../../../application/tags/view-tag.ts';
import type { InitializeUploads } from '../../../application/drives/initialize-uploads.ts';
import type { OpenChunkLink } from '../../../application/drives/open-chunk-link.ts';
import type { ReceiveChunk } from '../../../application/drives/receive-chunk.ts';
import type { SignChunkLink } from '../../../application/drives/sign-chunk-link.ts';
import type { ViewChunk } from '../../../application/drives/view-chunk.ts';
import type { ListStorageTypes } from '../../../application/pools/list-storage-types.ts';
import { noStore } from '../shared/answer.ts';
import { jsonBody } from '../shared/json-body.ts';
import type { MinimumRateLimits } from '../shared/minimum-rate.ts';
import { onRoute } from '../shared/request-count.ts';
import { noSuchPath, routeTable, type Calls } from '../shared/route-table.ts';
import { acceptsJson } from './accepts-json.ts';
import { authenticate } from './authenticate.ts';
import { refuseForeignPages } from './browser-rule.ts';
import { getCapabilities } from './capabilities/capabilities.ts';
import { CAPABILITIES_SCHEMA } from './capabilities/schema.ts';
import { postAction, resize } from './drives/action.ts';
import { postChunk, signChunkLink } from './drives/chunk-links.ts';
import { clone } from './drives/clone.ts';
import { getDownload, postUpload } from './drives/content.ts';
import { deleteDrive, getDrive, putDrive } from './drives/drive.ts';
import { deleteDrives, getDrives, postDrives } from './drives/drives.ts';
import { postInitUpload } from './drives/init-upload.ts';
import { getChunk, postFormChunk } from './drives/resumable.ts';
import { getDrivesSchema } from './drives/schema.ts';
import { getNone } from './empty-list.ts';
import { NETWORK_SCHEMA } from './empty-list-schema.ts';
import { getJob, getJobs } from './jobs/jobs.ts';
import { JOBS_SCHEMA } from './jobs/schema.ts';
import { getLibdrive, getLibdrives } from './libdrives/libdrives.ts';
import { LIBDRIVES_SCHEMA } from './libdrives/schema.ts';
import { getLicenses } from './licenses/licenses.ts';
import { LICENSES_SCHEMA } from './licenses/schema.ts';
import { getProfile, putProfile } from './profile/profile.ts';
import { PROFILE_SCHEMA } from './profile/schema.ts';
import { noteOperation } from './audit-actions.ts';
import { getSchema } from './schema.ts';
import { SERVERS_SCHEMA } from './servers/schema.ts';
import { deleteServer, getServer, postServerAction, putServer } from './servers/server.ts';
import { getServers, postServers } from './servers/servers.ts';
import { deleteTag, getTag, putTag, tagIn } from './tags/tag.ts';
import { TAGS_SCHEMA } from './tags/schema.ts';
import { getTags, postTags } from './tags/tags.ts';
import { ROOT } from './wire.ts';

/** The use cases of this dialect. */
export interface CloudsigmaUseCases {
  readonly authenticateWithPassword: AuthenticateWithPassword;
  readonly viewProfile: ViewProfile;
  readonly editProfile: EditProfile;
  readonly listStorageTypes: ListStorageTypes;
  readonly cloneDrive: CloneDrive;
  readonly listJobs: ListJobs;
  readonly viewJob: ViewJob;
  readonly updateDrive: UpdateDrive;
  readonly listDrives: ListDrives;
  readonly createDrives: CreateDrives;
  readonly downloadDrive: DownloadDrive;
  readonly uploadDrive: UploadDrive;
  readonly removeDrives: RemoveDrives;
  readonly viewDrive: ViewDrive;
  readonly listLibrary: ListLibrary;
  readonly viewLibraryDrive: ViewLibraryDrive;
  readonly listLicences: ListLicences;
  readonly createServers: CreateServers;
  readonly editServer: EditServer;
  readonly listServers: ListServers;
  readonly removeServer: RemoveServer;
  readonly viewServer: ViewServer;
  readonly createTags: CreateTags;
  readonly editTag: EditTag;
  readonly listTags: ListTags;
  readonly removeTag: RemoveTag;
  readonly viewTag: ViewTag;
  readonly initializeUploads: InitializeUploads;
  readonly openChunkLink: OpenChunkLink;
  readonly receiveChunk: ReceiveChunk;
  readonly signChunkLink: SignChunkLink;
  readonly viewChunk: ViewChunk;
}

/** Returns the router of the CloudSigma dialect. Mount it at `ROOT`, before `failureAnswer`. */
export function cloudsigmaRoutes(use: CloudsigmaUseCases, minimumRate: MinimumRateLimits): Router {
  const calls: Calls<string> = {
    'GET /capabilities': getCapabilities(use.listStorageTypes),
    'GET /capabilities/schema': getSchema(CAPABILITIES_SCHEMA),
    'GET /drives': getDrives(use.listDrives, 'brief'),
    'POST /drives': postDrives(use.createDrives),
    'DELETE /drives': deleteDrives(use.removeDrives),
    'GET /drives/detail': getDrives(use.listDrives, 'detail'),
    'GET /drives/schema': getDrivesSchema(use.listStorageTypes),
    'POST /drives/upload': postUpload(use.uploadDrive, minimumRate),
    'POST /drives/upload/{file_name}': postUpload(use.uploadDrive, minimumRate),
    'GET /drives/{uuid}': getDrive(use.viewDrive),
    'PUT /drives/{uuid}': putDrive(use.updateDrive),
    'DELETE /drives/{uuid}': deleteDrive(use.removeDrives),
    'GET /drives/{uuid}/download': getDownload(use.downloadDrive, minimumRate),
    'POST /drives/{uuid}/action': postAction({
      clone: clone(use.cloneDrive, 'anywhere'),
      resize: resize(use.updateDrive),
      upload_chunk: signChunkLink(use.signChunkLink),
    }),
    'POST /chunks/{token}': postChunk(use.openChunkLink, use.receiveChunk, minimumRate),
    'GET /drives/{uuid}/upload': getChunk(use.viewChunk),
    'POST /drives/{uuid}/upload': postFormChunk(use.receiveChunk, minimumRate),
    'POST /initupload': postInitUpload(use.initializeUploads),
    'GET /ips': getNone(),
    'GET /ips/detail': getNone(),
    'GET /ips/schema': getSchema(NETWORK_SCHEMA),
    'GET /jobs': getJobs(use.listJobs),
    'GET /jobs/detail': getJobs(use.listJobs),
    'GET /jobs/schema': getSchema(JOBS_SCHEMA),
    'GET /jobs/{uuid}': getJob(use.viewJob),
    'GET /libdrives': getLibdrives(use.listLibrary),
    'GET /libdrives/detail': getLibdrives(use.listLibrary),
    'GET /libdrives/schema': getSchema(LIBDRIVES_SCHEMA),
    'GET /libdrives/{uuid}': getLibdrive(use.viewLibraryDrive),
    'POST /libdrives/{uuid}/action': postAction({ clone: clone(use.cloneDrive, 'library') }),
    'GET /licenses': getLicenses(use.listLicences),
    'GET /licenses/detail': getLicenses(use.listLicences),
    'GET /licenses/schema': getSchema(LICENSES_SCHEMA),
    'GET /profile': getProfile(use.viewProfile),
    'PUT /profile': putProfile(use.editProfile),
    'GET /profile/schema': getSchema(PROFILE_SCHEMA),
    'GET /servers': getServers(use.listServers, 'brief'),
    'POST /servers': postServers(use.createServers),
    'GET /servers/detail': getServers(use.listServers, 'detail'),
    'GET /servers/schema': getSchema(SERVERS_SCHEMA),
    'GET /servers/{uuid}': getServer(use.viewServer),
    'PUT /servers/{uuid}': putServer(use.editServer),
    'DELETE /servers/{uuid}': deleteServer(use.removeServer),
    'POST /servers/{uuid}/action': postServerAction(use.viewServer),
    'GET /tags': getTags(use.listTags),
    'POST /tags': postTags(use.createTags),
    'GET /tags/detail': getTags(use.listTags),
    'GET /tags/schema': getSchema(TAGS_SCHEMA),
    'GET /tags/{uuid}': getTag(use.viewTag),
    'PUT /tags/{uuid}': putTag(use.editTag),
    'DELETE /tags/{uuid}': deleteTag(use.removeTag),
    'GET /tags/{uuid}/drives': getDrives(use.listDrives, 'brief', tagIn(use.viewTag)),
    'GET /tags/{uuid}/drives/detail': getDrives(use.listDrives, 'detail', tagIn(use.viewTag)),
    'GET /tags/{uuid}/servers': getServers(use.listServers, 'brief', tagIn(use.viewTag)),
    'GET /tags/{uuid}/servers/detail': getServers(use.listServers, 'detail', tagIn(use.viewTag)),
    'GET /vlans': getNone(),
    'GET /vlans/detail': getNone(),
    'GET /vlans/schema': getSchema(NETWORK_SCHEMA),
  };

  const router = routeTable(calls, {
    middleware: [onRoute(ROOT), noStore, refuseForeignPages, unlessLinked(authenticate(use.authenticateWithPassword))],
    before: (operation) => [noteOperation(operation), ...(WITHOUT_JSON.test(operation) ? [] : [acceptsJson, jsonBody])],
    patternOf: (path) => `${ROOT}${path}/`,
    answersOptions: true,
  });
  router.use(noSuchPath);
  return router;
}

/** Calls whose body or answer is the bytes themselves. */
const WITHOUT_JSON = /\/(?:upload|download|chunks)\b/;

/** A link to a chunk is the credential of its caller. */
const LINK = /^\/chunks\/[^/]/;

function unlessLinked(handler: RequestHandler): RequestHandler {
  return (request, response, next) => (LINK.test(request.path) ? next() : handler(request, response, next));
}
