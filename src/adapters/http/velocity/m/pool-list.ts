import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ListPools } from '../../../../application/pools/list-pools.ts';
import { call, type CallerOf } from '../call.ts';
import { gid, numberResponse } from '../wire.ts';

export const poolListRequest = z.object({ gid });

export const poolListResponse = z.object({
  pools: z.array(
    z
      .object({
        mpid: numberResponse,
        name: z.string(),
        write: z.boolean().meta({ description: 'Whether the group may write to its media there.' }),
        manage: z.boolean().meta({ description: 'Whether the group may add and remove media there.' }),
        quota: numberResponse.meta({ description: 'As assigned, in bytes; 0 sets no limit.' }),
        used: numberResponse.meta({ description: 'Bytes that the group and all groups below it use there.' }),
        available: numberResponse.nullable().meta({
          description: 'Bytes that the group can still add; null without a limit.',
        }),
      })
      .meta({ id: 'Pool', description: 'A pool as one group sees it.' }),
  ),
});

/** `POST /m/pool/list`. `quota`, `used` and `available` go beyond the contract. */
export function postPoolList(callerOf: CallerOf, listPools: ListPools): RequestHandler {
  return call(callerOf, poolListRequest, async ({ gid }, { caller }) => {
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
    } satisfies z.input<typeof poolListResponse>;
  });
}
