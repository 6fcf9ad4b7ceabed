import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { GivePermission } from '../../../../application/access/give-permission.ts';
import type { TakePermission } from '../../../../application/access/take-permission.ts';
import { call, type CallerOf } from '../call.ts';
import { gid, uid } from '../wire.ts';

const permission = z.string().meta({ description: 'The name of a permission, such as `velocity.media.list`.' });

export const gift = z.object({ uid, gid, permission });
/** All of them, where it does not say which. */
export const taking = z.object({ uid, gid, permission: permission.nullish() });

/** `PUT /u/user/permission` */
export function putUserPermission(callerOf: CallerOf, givePermission: GivePermission): RequestHandler {
  return call(callerOf, gift, async ({ uid, gid, permission }, { caller }) => {
    await givePermission.run(caller, { user: uid, group: gid, permission });
    return {};
  });
}

/** `DELETE /u/user/permission` */
export function deleteUserPermission(callerOf: CallerOf, takePermission: TakePermission): RequestHandler {
  return call(callerOf, taking, async ({ uid, gid, permission }, { caller }) => {
    await takePermission.run(caller, { user: uid, group: gid, permission: permission ?? null });
    return {};
  });
}
