import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { CreateUser } from '../../../../application/access/create-user.ts';
import type { RemoveUser } from '../../../../application/access/remove-user.ts';
import type { ViewUser } from '../../../../application/access/view-user.ts';
import { call, type CallerOf } from '../call.ts';
import { wholeOrStreamed } from '../../shared/streamed-list.ts';
import { name, numberResponse, uid } from '../wire.ts';
import { membershipResponse, wireMembership } from './membership.ts';

/** Without a `uid`, the caller. */
export const userViewRequest = z.object({ uid: uid.nullish() });
export const userCreateRequest = z.object({
  name: name.meta({ description: '1 to 255 bytes in UTF-8, without control characters and colons.' }),
  password: z.string().meta({ minLength: 1, description: 'At most 1024 bytes in UTF-8.' }),
});
export const userRemoveRequest = z.object({ uid });

export const userResponse = z.object({ uid: numberResponse, name: z.string() }).meta({ id: 'User' });
export const userDetailResponse = z
  .object({
    uid: numberResponse,
    name: z.string(),
    home_gid: numberResponse
      .nullable()
      .meta({ description: 'The home group; null without one, and for callers who may not view users on it.' }),
    memberships: z.array(membershipResponse),
  })
  .meta({ id: 'UserInFull' });

/** `POST /u/user` */
export function postUser(callerOf: CallerOf, viewUser: ViewUser): RequestHandler {
  return call(callerOf, userViewRequest, async ({ uid }, { caller }) => {
    const { user, memberships, home } = await viewUser.run(caller, uid ?? null);
    const head = { uid: user.id, name: user.name, home_gid: home?.id ?? null };
    return wholeOrStreamed(
      head satisfies Omit<z.input<typeof userDetailResponse>, 'memberships'>,
      'memberships',
      memberships,
      wireMembership,
    );
  });
}

/** `PUT /u/user` */
export function putUser(callerOf: CallerOf, createUser: CreateUser): RequestHandler {
  return call(callerOf, userCreateRequest, async (order, { caller }) => {
    const user = await createUser.run(caller, order);
    return { uid: user.id, name: user.name } satisfies z.input<typeof userResponse>;
  });
}

/** `DELETE /u/user` */
export function deleteUser(callerOf: CallerOf, removeUser: RemoveUser): RequestHandler {
  return call(callerOf, userRemoveRequest, async ({ uid }, { caller }) => {
    await removeUser.run(caller, uid);
    return {};
  });
}
