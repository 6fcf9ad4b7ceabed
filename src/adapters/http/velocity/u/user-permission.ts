import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { GrantPermission } from '../../../../application/access/grant-permission.ts';
import type { RevokePermission } from '../../../../application/access/revoke-permission.ts';
import { call, type CallerOf } from '../call.ts';
import { gid, uid } from '../wire.ts';

const permissionName = z.string().meta({ description: 'The name of a permission, such as `velocity.media.list`.' });

export const grantRequest = z.object({ uid, gid, permission: permissionName });
/** Without a permission, all of them. */
export const revokeRequest = z.object({ uid, gid, permission: permissionName.nullish() });

/** `PUT /u/user/permission` */
export function putUserPermission(callerOf: CallerOf, grantPermission: GrantPermission): RequestHandler {
  return call(callerOf, grantRequest, async ({ uid, gid, permission }, { caller }) => {
    await grantPermission.run(caller, { user: uid, group: gid, permission });
    return {};
  });
}

/** `DELETE /u/user/permission` */
export function deleteUserPermission(callerOf: CallerOf, revokePermission: RevokePermission): RequestHandler {
  return call(callerOf, revokeRequest, async ({ uid, gid, permission }, { caller }) => {
    await revokePermission.run(caller, { user: uid, group: gid, permission: permission ?? null });
    return {};
  });
}
