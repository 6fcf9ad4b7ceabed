import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ChangeOwnPassword } from '../../../../application/access/change-own-password.ts';
import type { ConcealUsers } from '../../../../application/access/conceal-users.ts';
import type { RemoveUser } from '../../../../application/access/remove-user.ts';
import type { SetHomeGroup } from '../../../../application/access/set-home-group.ts';
import type { ViewUser } from '../../../../application/access/view-user.ts';
import type { GroupId } from '../../../../domain/shared/ids.ts';
import { clientAddress } from '../../shared/client-address.ts';
import { call, NO_CONTENT } from '../call.ts';
import { callerOfChange } from '../dry-run.ts';
import { parseBody } from '../input.ts';
import { userIn } from '../path-ids.ts';
import { userDetailWire } from './user-detail-wire.ts';

export const userChangesRequest = z.strictObject({
  home: z.int().min(0).meta({ description: 'The home group: the user may create media there.' }),
});
export const passwordRequest = z.strictObject({
  current: z.string(),
  password: z.string().meta({ minLength: 1, description: 'The new one: at most 1024 bytes in UTF-8.' }),
});

/** `GET /v1/users/{user}`; `me` is the caller. */
export function getUser(viewUser: ViewUser, conceal: ConcealUsers): RequestHandler {
  return call(async ({ caller, request }) => {
    const user = userIn(request, caller);
    const view = await conceal.run(caller, user, async () => viewUser.run(caller, user));
    return { status: 200, body: userDetailWire(view) };
  });
}

/** `PATCH /v1/users/{user}` */
export function patchUser(setHomeGroup: SetHomeGroup, conceal: ConcealUsers): RequestHandler {
  return call(async ({ caller, request }) => {
    const user = userIn(request, caller);
    const group = parseBody(userChangesRequest, request).home as GroupId;
    await conceal.run(caller, user, async () => setHomeGroup.run(caller, { user, group }));
    return NO_CONTENT;
  });
}

/** `PUT /v1/users/me/password` */
export function putPassword(changeOwnPassword: ChangeOwnPassword): RequestHandler {
  return call(async ({ caller, request }) => {
    const { current, password: next } = parseBody(passwordRequest, request);
    await changeOwnPassword.run(caller, { current, next, address: clientAddress(request) });
    return NO_CONTENT;
  });
}

/** `DELETE /v1/users/{user}` */
export function deleteUser(removeUser: RemoveUser, conceal: ConcealUsers): RequestHandler {
  return call(async ({ caller, request }) => {
    const user = userIn(request, caller);
    await conceal.run(caller, user, async () => removeUser.run(callerOfChange({ caller, request }), user));
    return NO_CONTENT;
  });
}
