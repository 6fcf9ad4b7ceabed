import type { RequestHandler, Router } from 'express';
import type { CreateGroup } from '../../../application/access/create-group.ts';
import type { CreateUser } from '../../../application/access/create-user.ts';
import type { RevokeAuthkey } from '../../../application/access/revoke-authkey.ts';
import type { GrantPermission } from '../../../application/access/grant-permission.ts';
import type { ListGroups } from '../../../application/access/list-groups.ts';
import type { ListUsers } from '../../../application/access/list-users.ts';
import type { LogIn } from '../../../application/access/log-in.ts';
import type { RemoveGroup } from '../../../application/access/remove-group.ts';
import type { RemoveUser } from '../../../application/access/remove-user.ts';
import type { SetHomeGroup } from '../../../application/access/set-home-group.ts';
import type { RotateAuthkey } from '../../../application/access/rotate-authkey.ts';
import type { RevokePermission } from '../../../application/access/revoke-permission.ts';
import type { ViewGroup } from '../../../application/access/view-group.ts';
import type { ViewUser } from '../../../application/access/view-user.ts';
import type { CreateMedia } from '../../../application/media/create-media.ts';
import type { DownloadMedia } from '../../../application/media/download-media.ts';
import type { ListMedia } from '../../../application/media/list-media.ts';
import type { RemoveMedia } from '../../../application/media/remove-media.ts';
import type { UploadMedia } from '../../../application/media/upload-media.ts';
import type { AssignPool } from '../../../application/pools/assign-pool.ts';
import type { ListPools } from '../../../application/pools/list-pools.ts';
import type { RevokePool } from '../../../application/pools/revoke-pool.ts';
import { noStore } from '../shared/answer.ts';
import { crossOrigin } from '../shared/cross-origin.ts';
import { jsonBody } from '../shared/json-body.ts';
import type { MinimumRateLimits } from '../shared/minimum-rate.ts';
import { noSuchPath, routeTable, type Calls } from '../shared/route-table.ts';
import type { CallerOf } from './call.ts';
import { deleteMedia } from './m/media.ts';
import { getMediaContent } from './m/media-content.ts';
import { putMediaCreate } from './m/media-create.ts';
import { postMediaList } from './m/media-list.ts';
import { putMediaUpload } from './m/media-upload.ts';
import { deletePoolAssign, putPoolAssign } from './m/pool-assign.ts';
import { postPoolList } from './m/pool-list.ts';
import type { Operation } from './operations.ts';
import { deleteAuth, patchAuth, postAuth } from './u/auth.ts';
import { deleteGroup, postGroup, putGroup } from './u/group.ts';
import { postGroupList } from './u/group-list.ts';
import { deleteUser, postUser, putUser } from './u/user.ts';
import { patchUser } from './u/user-home.ts';
import { postUserList } from './u/user-list.ts';
import { deleteUserPermission, putUserPermission } from './u/user-permission.ts';
import { postNicList, postVmList, refuseMachines } from './v/machines.ts';

/** The use cases of this dialect. */
export interface VelocityUseCases {
  readonly logIn: LogIn;
  readonly rotateAuthkey: RotateAuthkey;
  readonly revokeAuthkey: RevokeAuthkey;
  readonly viewUser: ViewUser;
  readonly createUser: CreateUser;
  readonly setHomeGroup: SetHomeGroup;
  readonly removeUser: RemoveUser;
  readonly listUsers: ListUsers;
  readonly grantPermission: GrantPermission;
  readonly revokePermission: RevokePermission;
  readonly viewGroup: ViewGroup;
  readonly createGroup: CreateGroup;
  readonly removeGroup: RemoveGroup;
  readonly listGroups: ListGroups;
  readonly assignPool: AssignPool;
  readonly revokePool: RevokePool;
  readonly listPools: ListPools;
  readonly createMedia: CreateMedia;
  readonly uploadMedia: UploadMedia;
  readonly removeMedia: RemoveMedia;
  readonly listMedia: ListMedia;
  readonly downloadMedia: DownloadMedia;
}

/**
 * Returns the router of the Velocity dialect. It takes every path, so mount it last, before
 * `failureAnswer`.
 */
export function velocityRoutes(use: VelocityUseCases, callerOf: CallerOf, minimumRate: MinimumRateLimits): Router {
  const calls: Calls<Operation> = {
    'POST /u/auth': postAuth(use.logIn),
    'PATCH /u/auth': patchAuth(use.rotateAuthkey),
    'DELETE /u/auth': deleteAuth(use.revokeAuthkey),
    'POST /u/user': postUser(callerOf, use.viewUser),
    'PUT /u/user': putUser(callerOf, use.createUser),
    'PATCH /u/user': patchUser(callerOf, use.setHomeGroup),
    'DELETE /u/user': deleteUser(callerOf, use.removeUser),
    'POST /u/user/list': postUserList(callerOf, use.listUsers),
    'PUT /u/user/permission': putUserPermission(callerOf, use.grantPermission),
    'DELETE /u/user/permission': deleteUserPermission(callerOf, use.revokePermission),
    'POST /u/group': postGroup(callerOf, use.viewGroup),
    'PUT /u/group': putGroup(callerOf, use.createGroup),
    'DELETE /u/group': deleteGroup(callerOf, use.removeGroup),
    'POST /u/group/list': postGroupList(callerOf, use.listGroups),
    'PUT /m/pool/assign': putPoolAssign(callerOf, use.assignPool),
    'DELETE /m/pool/assign': deletePoolAssign(callerOf, use.revokePool),
    'POST /m/pool/list': postPoolList(callerOf, use.listPools),
    'PUT /m/media/create': putMediaCreate(callerOf, use.createMedia),
    'PUT /m/media/upload': putMediaUpload(callerOf, use.uploadMedia, minimumRate),
    'DELETE /m/media': deleteMedia(callerOf, use.removeMedia),
    'POST /m/media/list': postMediaList(callerOf, use.listMedia),
    'GET /m/media/{mid}/content': getMediaContent(callerOf, use.downloadMedia, minimumRate),
    'POST /v/vm/list': postVmList(callerOf),
    'POST /v/nic/list': postNicList(callerOf),
  };

  const router = routeTable(calls, {
    middleware: [crossOrigin, noStore],
    before: (operation) => [named(operation), ...(WITHOUT_JSON.has(operation) ? [] : [jsonBody])],
  });
  router.use('/v', jsonBody, refuseMachines(callerOf));
  router.use(noSuchPath);
  return router;
}

/** Calls whose body, if any, is not JSON. */
const WITHOUT_JSON: ReadonlySet<Operation> = new Set(['PUT /m/media/upload', 'GET /m/media/{mid}/content']);

/** Sets the operation that the error table and the audit look up. */
function named(operation: Operation): RequestHandler {
  return (_request, response, next) => {
    response.locals.operation = operation;
    next();
  };
}
