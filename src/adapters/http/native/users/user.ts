import type { RequestHandler } from 'express';
import type { ViewUser } from '../../../../application/access/view-user.ts';
import { call } from '../call.ts';
import { userIn } from '../path-ids.ts';
import { userDetailWire } from './user-detail-wire.ts';

/** `GET /v1/users/{user}` */
export function getUser(viewUser: ViewUser): RequestHandler {
  return call(async ({ caller, request }) => {
    return { status: 200, body: userDetailWire(await viewUser.run(caller, userIn(request))) };
  });
}
