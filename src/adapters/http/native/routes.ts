import type { RequestHandler, Router } from 'express';
import { noStore } from '../shared/answer.ts';
import { jsonBodyUpTo, MAX_JSON_BYTES } from '../shared/json-body.ts';
import { noSuchPath, routeTable, type Calls } from '../shared/route-table.ts';
import { noteOperation } from './audit-actions.ts';
import type { CallerOf } from './callers.ts';
import { ROOT, termsOf, type Operation } from './operations.ts';
import { deleteSession, getSession, postSession } from './session/session.ts';
import { deleteMedia, getDeletion } from './trash/deletion.ts';
import { deleteTrash, deleteTrashed, getTrash, postRestore } from './trash/trash.ts';
import type { NativeUseCases } from './use-cases.ts';
import { getUser } from './users/user.ts';
import { getUsers } from './users/users.ts';

/**
 * Platter's own dialect on one page. Mount it at `ROOT`, before `failureAnswer`.
 */
export function nativeRoutes(use: NativeUseCases, callerOf: CallerOf): Router {
  const calls: Calls<Operation> = {
    'POST /session': postSession(use.beginSession),
    'GET /session': getSession(use.viewUser),
    'DELETE /session': deleteSession(use.endSession),
    'GET /users': getUsers(use.listUsers),
    'GET /users/{user}': getUser(use.viewUser),
    'DELETE /media/{media}': deleteMedia(use.deleteMedia),
    'GET /media/{media}/deletion': getDeletion(use.planDeletion),
    'GET /trash': getTrash(use.listTrash),
    'DELETE /trash': deleteTrash(use.emptyTrash),
    'DELETE /trash/{media}': deleteTrashed(use.emptyTrash),
    'POST /trash/{media}/restore': postRestore(use.restoreMedia),
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
