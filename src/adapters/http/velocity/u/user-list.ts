import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ListUsers } from '../../../../application/access/list-users.ts';
import { call, type CallerOf } from '../call.ts';
import { wholeOrStreamed } from '../../shared/streamed-list.ts';
import { userResponse } from './user.ts';

export const userListResponse = z.object({ users: z.array(userResponse) });

/** `POST /u/user/list` */
export function postUserList(callerOf: CallerOf, listUsers: ListUsers): RequestHandler {
  return call(callerOf, z.unknown(), async (_fields, { caller }) => {
    const users = await listUsers.run(caller);
    return wholeOrStreamed(
      {},
      'users',
      users,
      ({ id, name }) => ({ uid: id, name }) satisfies z.input<typeof userResponse>,
    );
  });
}
