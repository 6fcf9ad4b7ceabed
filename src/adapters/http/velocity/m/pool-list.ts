import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ListPools } from '../../../../application/pools/list-pools.ts';
import { call, type CallerOf } from '../call.ts';
import { gid, shownNumber } from '../wire.ts';

export const whose = z.object({ gid });

export const shownPools = z.object({
  pools: z.array(
    z
      .object({
        mpid: shownNumber,
        name: z.string(),
        write: z.boolean().meta({ description: 'Whether the group may write to its media there.' }),
        manage: z.boolean().meta({ description: 'Whether the group may add and remove media there.' }),
        quota: shownNumber.meta({ description: 'As assigned, in bytes; 0 sets no limit.' }),
        used: shownNumber.meta({ description: 'What the group and all groups below it have there, in bytes.' }),
        available: shownNumber.nullable().meta({
          description: 'How many bytes the group can still add; null where nothing limits it.',
        }),
      })
      .meta({ id: 'Pool', description: 'A pool as one group sees it.' }),
  ),
});

/** `POST /m/pool/list`. `quota`, `used` and `available` go beyond the contract. */
export function postPoolList(callerOf: CallerOf, listPools: ListPools): RequestHandler {
  return call(callerOf, whose, async ({ gid }, { caller }) => {
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
    } satisfies z.input<typeof shownPools>;
  });
}
