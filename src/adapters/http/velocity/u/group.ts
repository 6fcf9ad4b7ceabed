import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { CreateGroup } from '../../../../application/access/create-group.ts';
import type { RemoveGroup } from '../../../../application/access/remove-group.ts';
import type { Member, ViewGroup } from '../../../../application/access/view-group.ts';
import { call, type CallerOf } from '../call.ts';
import { wholeOrStreamed } from '../../shared/streamed-list.ts';
import { gid, name, numberResponse } from '../wire.ts';
import { permissionResponse, wirePermissions } from './membership.ts';

export const groupRequest = z.object({ gid });
export const groupCreateRequest = z.object({ name, parent_gid: gid });

export const groupResponse = z
  .object({ gid: numberResponse, name: z.string(), parent_gid: numberResponse })
  .meta({ id: 'Group', description: 'The parent of the root group is itself.' });
const memberResponse = z.object({ uid: numberResponse, name: z.string(), permissions: z.array(permissionResponse) });
export const groupDetailResponse = z
  .object({
    gid: numberResponse,
    parent_gid: numberResponse,
    name: z.string(),
    memberships: z.array(memberResponse),
  })
  .meta({ id: 'GroupInFull' });

/** `POST /u/group` */
export function postGroup(callerOf: CallerOf, viewGroup: ViewGroup): RequestHandler {
  return call(callerOf, groupRequest, async ({ gid }, { caller }) => {
    const { group, members } = await viewGroup.run(caller, gid);
    const head = { gid: group.id, parent_gid: group.parentId, name: group.name };
    return wholeOrStreamed(
      head satisfies Omit<z.input<typeof groupDetailResponse>, 'memberships'>,
      'memberships',
      members,
      wireMember,
    );
  });
}

function wireMember({ user, name, permissions }: Member): z.input<typeof memberResponse> {
  return { uid: user, name, permissions: wirePermissions(permissions) };
}

/** `PUT /u/group` */
export function putGroup(callerOf: CallerOf, createGroup: CreateGroup): RequestHandler {
  return call(callerOf, groupCreateRequest, async ({ name, parent_gid }, { caller }) => {
    const group = await createGroup.run(caller, { name, parent: parent_gid });
    return { gid: group.id, name: group.name, parent_gid: group.parentId } satisfies z.input<typeof groupResponse>;
  });
}

/** `DELETE /u/group` */
export function deleteGroup(callerOf: CallerOf, removeGroup: RemoveGroup): RequestHandler {
  return call(callerOf, groupRequest, async ({ gid }, { caller }) => {
    await removeGroup.run(caller, gid);
    return {};
  });
}
