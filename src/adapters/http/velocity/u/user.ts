import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { CreateUser } from '../../../../application/access/create-user.ts';
import type { RemoveUser } from '../../../../application/access/remove-user.ts';
import type { ViewUser } from '../../../../application/access/view-user.ts';
import { call, type CallerOf } from '../call.ts';
import { uid } from '../wire.ts';
import { wireMembership } from './membership.ts';

/** `POST /u/user` */
export function postUser(callerOf: CallerOf, viewUser: ViewUser): RequestHandler {
  return call(callerOf, z.object({ uid: uid.nullish() }), async ({ uid }, { caller }) => {
    const { user, memberships } = await viewUser.run(caller, uid ?? null);
    return { uid: user.id, name: user.name, memberships: memberships.map(wireMembership) };
  });
}

/** `PUT /u/user` */
export function putUser(callerOf: CallerOf, createUser: CreateUser): RequestHandler {
  return call(callerOf, z.object({ name: z.string(), password: z.string() }), async (order, { caller }) => {
    const user = await createUser.run(caller, order);
    return { uid: user.id, name: user.name };
  });
}

/** `DELETE /u/user` */
export function deleteUser(callerOf: CallerOf, removeUser: RemoveUser): RequestHandler {
  return call(callerOf, z.object({ uid }), async ({ uid }, { caller }) => {
    await removeUser.run(caller, uid);
    return {};
  });
}
