import { ListJobs } from '../application/jobs/list-jobs.ts';
import { ViewJob } from '../application/jobs/view-job.ts';
import { CloneMedia } from '../application/media/clone-media.ts';
import { EditLabelledMedia } from '../application/media/edit-labelled-media.ts';
import { ListLabelledMedia } from '../application/media/list-labelled-media.ts';
import { MakeLabelledMedia } from '../application/media/make-labelled-media.ts';
import { ReadLabelledMedia } from '../application/media/read-labelled-media.ts';
import { ReceiveLabelledMedia } from '../application/media/receive-labelled-media.ts';
import { RemoveLabelledMedia } from '../application/media/remove-labelled-media.ts';
import { ViewLabelledMedia } from '../application/media/view-labelled-media.ts';
import { CreateServers } from '../application/servers/create-servers.ts';
import { EditServer } from '../application/servers/edit-server.ts';
import { ListServers } from '../application/servers/list-servers.ts';
import { RemoveServer } from '../application/servers/remove-server.ts';
import { ViewServer } from '../application/servers/view-server.ts';
import { CreateTags } from '../application/tags/create-tags.ts';
import { EditTag } from '../application/tags/edit-tag.ts';
import { ListTags } from '../application/tags/list-tags.ts';
import { RemoveTag } from '../application/tags/remove-tag.ts';
import { ViewTag } from '../application/tags/view-tag.ts';
import type { CloudsigmaUseCases } from '../adapters/http/cloudsigma/routes.ts';
import { T, type Parts } from './tokens.ts';

/** What the CloudSigma dialect asks of the application. */
export function cloudsigmaUseCases(parts: Parts): CloudsigmaUseCases {
  const [work, stores, pools] = [parts.get(T.UnitOfWork), parts.get(T.BlobStores), parts.get(T.Pools)];
  const [purge, random, log] = [parts.get(T.Purge), parts.get(T.Random), parts.get(T.Log)];
  const workers = parts.get(T.Workers);
  const { maxPossessions } = parts.get(T.Config);
  const lists = parts.get(T.LongLists);
  const removeLabelledMedia = new RemoveLabelledMedia(work, purge, parts.get(T.Removals), log);
  return {
    recognise: parts.get(T.Recognise),
    viewProfile: parts.get(T.ViewProfile),
    editProfile: parts.get(T.EditProfile),
    listStorageTypes: parts.get(T.ListStorageTypes),
    cloneMedia: new CloneMedia(work, stores, pools, random, workers),
    listJobs: new ListJobs(work, lists),
    viewJob: new ViewJob(work),
    editLabelledMedia: new EditLabelledMedia(work, stores, pools, parts.get(T.ResizeMedia), random, workers),
    listLabelledMedia: new ListLabelledMedia(work, lists, pools),
    makeLabelledMedia: new MakeLabelledMedia(work, stores, pools, parts.get(T.HeldLeases), purge, random, log),
    readLabelledMedia: new ReadLabelledMedia(work, parts.get(T.DownloadMedia)),
    receiveLabelledMedia: new ReceiveLabelledMedia(work, parts.get(T.UploadMedia), pools, random),
    removeLabelledMedia,
    viewLabelledMedia: new ViewLabelledMedia(work, pools),
    listLibrary: parts.get(T.ListLibrary),
    viewLibraryDrive: parts.get(T.ViewLibraryDrive),
    listLicences: parts.get(T.ListLicences),
    createServers: new CreateServers(work, random, maxPossessions),
    editServer: new EditServer(work),
    listServers: new ListServers(work, lists),
    removeServer: new RemoveServer(removeLabelledMedia),
    viewServer: new ViewServer(work),
    createTags: new CreateTags(work, random, maxPossessions),
    editTag: new EditTag(work),
    listTags: new ListTags(work, lists),
    removeTag: new RemoveTag(work),
    viewTag: new ViewTag(work),
  };
}
