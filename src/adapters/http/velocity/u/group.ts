import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { CreateGroup } from '../../../../application/access/create-group.ts';
import type { RemoveGroup } from '../../../../application/access/remove-group.ts';
import type { ViewGroup } from '../../../../application/access/view-group.ts';
import { call, type CallerOf } from '../call.ts';
import { gid } from '../wire.ts';
import { wirePermissions } from './membership.ts';

/** `POST /u/group` */
export function postGroup(callerOf: CallerOf, viewGroup: ViewGroup): RequestHandler {
  return call(callerOf, z.object({ gid }), async ({ gid }, { caller }) => {
    const { group, members } = await viewGroup.run(caller, gid);
    return {
      gid: group.id,
      parent_gid: group.parentId,
      name: group.name,
      memberships: members.map(({ user, name, permissions }) => ({
        uid: user,
        name,
        permissions: wirePermissions(permissions),
      })),
    };
  });
}

/** `PUT /u/group` */
export function putGroup(callerOf: CallerOf, createGroup: CreateGroup): RequestHandler {
  return call(callerOf, z.object({ name: z.string(), parent_gid: gid }), async ({ name, parent_gid }, { caller }) => {
    const group = await createGroup.run(caller, { name, parent: parent_gid });
    return { gid: group.id, name: group.name, parent_gid: group.parentId };
  });
}

/** `DELETE /u/group` */
export function deleteGroup(callerOf: CallerOf, removeGroup: RemoveGroup): RequestHandler {
  return call(callerOf, z.object({ gid }), async ({ gid }, { caller }) => {
    await removeGroup.run(caller, gid);
    return {};
  });
}
