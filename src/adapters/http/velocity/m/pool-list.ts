import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ListPools } from '../../../../application/pools/list-pools.ts';
import { call, type CallerOf } from '../call.ts';
import { gid } from '../wire.ts';

/** `POST /m/pool/list`. `quota`, `used` and `available` go beyond the contract. */
export function postPoolList(callerOf: CallerOf, listPools: ListPools): RequestHandler {
  return call(callerOf, z.object({ gid }), async ({ gid }, { caller }) => {
    const pools = await listPools.run(caller, gid);
    return {
      pools: pools.map(({ pool, write, manage, quota, used, available }) => ({
        mpid: pool.id,
        name: pool.name,
        write,
        manage,
        quota,
        used,
        available,
      })),
    };
  });
}
