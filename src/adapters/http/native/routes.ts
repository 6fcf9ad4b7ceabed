import type { RequestHandler, Router } from 'express';
import { noStore } from '../shared/answer.ts';
import { jsonBodyUpTo, MAX_JSON_BYTES } from '../shared/json-body.ts';
import type { MinimumRateLimits } from '../shared/minimum-rate.ts';
import { noSuchPath, routeTable, type Calls } from '../shared/route-table.ts';
import { noteOperation } from './audit-actions.ts';
import type { CallerOf } from './callers.ts';
import { deleteJob, getJob, getJobs } from './jobs/jobs.ts';
import { getLibrary } from './library/library.ts';
import { postCheck } from './media/media-check.ts';
import { postClone } from './media/media-clone.ts';
import { getContent } from './media/media-content.ts';
import { postMedia } from './media/media-create.ts';
import { patchMedia } from './media/media-edit.ts';
import { getMedia } from './media/media-item.ts';
import { getMediaList } from './media/media-list.ts';
import { deleteLink, getLinks, postLink } from './links/links.ts';
import { ROOT, termsOf, type Operation } from './operations.ts';
import { deleteSession, getSession, postSession } from './session/session.ts';
import { deleteMedia, getDeletion } from './trash/deletion.ts';
import { deleteTrash, deleteTrashed, getTrash, postRestore } from './trash/trash.ts';
import { deleteUpload, getUploads } from './uploads/uploads.ts';
import { getEntries, getUsage } from './usage/usage.ts';
import type { NativeUseCases } from './use-cases.ts';
import { getUser } from './users/user.ts';
import { getUsers } from './users/users.ts';

/**
 * Platter's own dialect on one page. Mount it at `ROOT`, before `failureAnswer`.
 */
export function nativeRoutes(use: NativeUseCases, callerOf: CallerOf, minimumRate: MinimumRateLimits): Router {
  const calls: Calls<Operation> = {
    'POST /session': postSession(use.beginSession),
    'GET /session': getSession(use.viewUser),
    'DELETE /session': deleteSession(use.endSession),
    'GET /users': getUsers(use.listUsers),
    'GET /users/{user}': getUser(use.viewUser),
    // Before the paths with an id, which match it too.
    'POST /media/check': postCheck(use.checkOrder),
    'DELETE /media/{media}': deleteMedia(use.deleteMedia),
    'GET /media/{media}/deletion': getDeletion(use.planDeletion),
    'GET /media/{media}/links': getLinks(use.listLinks),
    'POST /media/{media}/links': postLink(use.createLink),
    'DELETE /media/{media}/links/{link}': deleteLink(use.revokeLink),
    'GET /trash': getTrash(use.listTrash),
    'DELETE /trash': deleteTrash(use.emptyTrash),
    'DELETE /trash/{media}': deleteTrashed(use.emptyTrash),
    'POST /trash/{media}/restore': postRestore(use.restoreMedia),
    'GET /groups/{group}/usage': getUsage(use.viewUsage),
    'GET /groups/{group}/usage/{pool}/entries': getEntries(use.listCharges),
    'GET /media': getMediaList(use.listItems),
    'POST /media': postMedia(use.createMedia, use.viewItem),
    'GET /media/{media}': getMedia(use.viewItem),
    'PATCH /media/{media}': patchMedia(use.editItem),
    'GET /media/{media}/content': getContent(use.downloadMedia, minimumRate),
    'POST /media/{media}/clone': postClone(use.cloneItem, use.listJobs, 'items'),
    'GET /jobs': getJobs(use.listJobs),
    'GET /jobs/{job}': getJob(use.listJobs),
    'DELETE /jobs/{job}': deleteJob(use.cancelJob),
    'GET /uploads': getUploads(use.listUploads),
    'DELETE /uploads/{upload}': deleteUpload(use.abortUpload),
    'GET /library': getLibrary(use.listLibrary),
    'POST /library/{media}/clone': postClone(use.cloneItem, use.listJobs, 'library'),
  };

  const router = routeTable(calls, {
    middleware: [noStore],
    before: (operation) => [noteOperation(operation), ...authentication(operation, callerOf), ...body(operation)],
    patternOf: (path) => `${ROOT}${path}`,
  });
  router.use(noSuchPath);
  return router;
}

function authentication(operation: Operation, callerOf: CallerOf): readonly RequestHandler[] {
  if (termsOf(operation).scope === 'open') return [];
  return [
    async (request, _response, next): Promise<void> => {
      await callerOf(request);
      next();
    },
  ];
}

function body(operation: Operation): readonly RequestHandler[] {
  const { maxBodyBytes = MAX_JSON_BYTES } = termsOf(operation);
  return maxBodyBytes === null ? [] : [jsonBodyUpTo(maxBodyBytes)];
}
