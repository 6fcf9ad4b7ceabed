import type { RequestHandler, Router } from 'express';
import { requireScope } from '../../../application/access/require-scope.ts';
import { noStore } from '../shared/answer.ts';
import { jsonBodyUpTo, MAX_JSON_BYTES } from '../shared/json-body.ts';
import type { MinimumRateLimits } from '../shared/minimum-rate.ts';
import { noSuchPath, routeTable, type Calls } from '../shared/route-table.ts';
import { deleteAssignment, getAssignments, putAssignment } from './assignments/assignments.ts';
import { getAudit } from './audit/audit.ts';
import { noteOperation } from './audit-actions.ts';
import type { CallerOf } from './callers.ts';
import { postImport } from './imports/imports.ts';
import { deleteJob, getJob, getJobs } from './jobs/jobs.ts';
import { refuseKey } from './keyed-call.ts';
import { getLibrary } from './library/library.ts';
import { postCheck } from './media/media-check.ts';
import { postClone } from './media/media-clone.ts';
import { getContent } from './media/media-content.ts';
import { postMedia } from './media/media-create.ts';
import { patchMedia } from './media/media-edit.ts';
import { getMedia } from './media/media-item.ts';
import { getMediaList } from './media/media-list.ts';
import { deleteLink, getLinks, postLink } from './links/links.ts';
import { deleteGroup, getGroup, getGroups, patchGroup, postGroups } from './groups/groups.ts';
import { deleteGrants, getGrants, getMembers, postGrants } from './groups/members.ts';
import { ROOT, termsOf, type Operation } from './operations.ts';
import { deleteSession, getSession, postSession } from './session/session.ts';
import { getSystem } from './system/system.ts';
import { deleteMedia, getDeletion } from './trash/deletion.ts';
import { deleteTrash, deleteTrashed, getTrash, postRestore } from './trash/trash.ts';
import { deleteUpload, getUploads } from './uploads/uploads.ts';
import { getEntries, getUsage } from './usage/usage.ts';
import { deleteToken, getTokens, postTokens } from './tokens/tokens.ts';
import type { NativeUseCases } from './use-cases.ts';
import { deleteUser, getUser, patchUser, putPassword } from './users/user.ts';
import { getUsers, postUsers } from './users/users.ts';

/**
 * Platter's own dialect on one page. Mount it at `ROOT`, before `failureAnswer`.
 */
export function nativeRoutes(use: NativeUseCases, callerOf: CallerOf, minimumRate: MinimumRateLimits): Router {
  const calls: Calls<Operation> = {
    'POST /session': postSession(use.beginSession),
    'GET /session': getSession(use.viewUser),
    'DELETE /session': deleteSession(use.endSession),
    'GET /tokens': getTokens(use.listTokens),
    'POST /tokens': postTokens(use.createToken),
    'DELETE /tokens/{token}': deleteToken(use.removeToken),
    'GET /users': getUsers(use.listUsers),
    'POST /users': postUsers(use.idempotentRequests, use.createUser),
    'PUT /users/me/password': putPassword(use.changeOwnPassword),
    'GET /users/{user}': getUser(use.viewUser, use.concealUsers),
    'PATCH /users/{user}': patchUser(use.setHomeGroup, use.concealUsers),
    'DELETE /users/{user}': deleteUser(use.removeUser, use.concealUsers),
    'GET /groups': getGroups(use.browseGroups),
    'POST /groups': postGroups(use.idempotentRequests, use.createGroup, use.concealGroups),
    'GET /groups/{group}': getGroup(use.browseGroups),
    'PATCH /groups/{group}': patchGroup(use.renameGroup, use.concealGroups),
    'DELETE /groups/{group}': deleteGroup(use.removeGroup, use.concealGroups),
    'GET /groups/{group}/members': getMembers(use.listMembers, use.concealGroups),
    'DELETE /groups/{group}/members/{user}': deleteGrants(use.revokePermission, use.concealGroups),
    'GET /groups/{group}/grants': getGrants(use.listGrants, use.concealGroups),
    'POST /groups/{group}/grants': postGrants(use.grantPermission, use.concealGroups),
    'DELETE /groups/{group}/grants/{user}/{permission}': deleteGrants(use.revokePermission, use.concealGroups),
    'GET /groups/{group}/assignments': getAssignments(use.listPools, use.concealGroups),
    'PUT /groups/{group}/assignments/{pool}': putAssignment(use.assignPool, use.concealGroups),
    'DELETE /groups/{group}/assignments/{pool}': deleteAssignment(use.revokePool, use.concealGroups),
    'GET /system': getSystem(use.viewSystem),
    'GET /audit': getAudit(use.browseAudit, use.concealGroups),
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
    'POST /media': postMedia(use.idempotentRequests, use.createItem, use.concealGroups),
    'GET /media/{media}': getMedia(use.viewItem),
    'PATCH /media/{media}': patchMedia(use.editItem, use.listJobs, use.concealGroups),
    'GET /media/{media}/content': getContent(use.downloadMedia, minimumRate),
    'POST /media/{media}/clone': postClone(use, 'items'),
    'POST /imports': postImport(use.idempotentRequests, use.createImport, use.concealGroups),
    'GET /jobs': getJobs(use.listJobs),
    'GET /jobs/{job}': getJob(use.listJobs),
    'DELETE /jobs/{job}': deleteJob(use.cancelJob),
    'GET /uploads': getUploads(use.listUploads),
    'DELETE /uploads/{upload}': deleteUpload(use.abortUpload),
    'GET /library': getLibrary(use.listLibrary),
    'POST /library/{media}/clone': postClone(use, 'library'),
  };

  const router = routeTable(calls, {
    middleware: [noStore],
    before: (operation) => [
      noteOperation(operation),
      ...authentication(operation, callerOf),
      ...key(operation),
      ...body(operation),
    ],
    patternOf: (path) => `${ROOT}${path}`,
  });
  router.use(noSuchPath);
  return router;
}

function authentication(operation: Operation, callerOf: CallerOf): readonly RequestHandler[] {
  const { scope } = termsOf(operation);
  if (scope === 'open') return [];
  return [
    async (request, _response, next): Promise<void> => {
      requireScope(await callerOf(request), scope);
      next();
    },
  ];
}

function key(operation: Operation): readonly RequestHandler[] {
  return termsOf(operation).key === 'refused' ? [refuseKey] : [];
}

function body(operation: Operation): readonly RequestHandler[] {
  const { maxBodyBytes = MAX_JSON_BYTES } = termsOf(operation);
  return maxBodyBytes === null ? [] : [jsonBodyUpTo(maxBodyBytes)];
}
