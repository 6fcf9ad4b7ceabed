import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { SetHomeGroup } from '../../../../application/access/set-home-group.ts';
import { call, type CallerOf } from '../call.ts';
import { gid, numberResponse, uid } from '../wire.ts';

/** Without a `uid`, the home of the caller. */
export const homeRequest = z.object({ uid: uid.nullish(), home_gid: gid });
export const homeResponse = z.object({ uid: numberResponse, home_gid: numberResponse }).meta({ id: 'UserHome' });

/** `PATCH /u/user` */
export function patchUser(callerOf: CallerOf, setHomeGroup: SetHomeGroup): RequestHandler {
  return call(callerOf, homeRequest, async ({ uid, home_gid }, { caller }) => {
    const user = await setHomeGroup.run(caller, { user: uid ?? null, group: home_gid });
    return { uid: user, home_gid } satisfies z.input<typeof homeResponse>;
  });
}
