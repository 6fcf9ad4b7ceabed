import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { AssignPool } from '../../../../application/pools/assign-pool.ts';
import type { RevokePool } from '../../../../application/pools/revoke-pool.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { call, type CallerOf } from '../call.ts';
import { gid, mpid } from '../wire.ts';

export const poolAssignRequest = z.object({ gid, mpid, quota: byteCount, write: z.boolean(), manage: z.boolean() });
export const poolRevokeRequest = z.object({ gid, mpid });

/** `PUT /m/pool/assign` */
export function putPoolAssign(callerOf: CallerOf, assignPool: AssignPool): RequestHandler {
  return call(callerOf, poolAssignRequest, async ({ gid, mpid, quota, write, manage }, { caller }) => {
    await assignPool.run(caller, gid, mpid, quota, { write, manage });
    return {};
  });
}

/** `DELETE /m/pool/assign` */
export function deletePoolAssign(callerOf: CallerOf, revokePool: RevokePool): RequestHandler {
  return call(callerOf, poolRevokeRequest, async ({ gid, mpid }, { caller }) => {
    await revokePool.run(caller, gid, mpid);
    return {};
  });
}
