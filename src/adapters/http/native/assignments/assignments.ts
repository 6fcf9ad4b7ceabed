import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ConcealGroups } from '../../../../application/access/conceal-groups.ts';
import type { AssignPool } from '../../../../application/pools/assign-pool.ts';
import type { AvailablePool, ListPools } from '../../../../application/pools/list-pools.ts';
import type { RevokePool } from '../../../../application/pools/revoke-pool.ts';
import { bytes } from '../../../../domain/shared/bytes.ts';
import { call, NO_CONTENT } from '../call.ts';
import { callerOfChange } from '../dry-run.ts';
import { tagged } from '../entity-tags.ts';
import { parseBody } from '../input.ts';
import { groupIn, poolIn } from '../path-ids.ts';

const byteField = z.int().min(0);

export const assignmentRequest = z.strictObject({
  quota: byteField.default(0).meta({ description: 'In bytes; 0, the default, sets no limit.' }),
  write: z.boolean().meta({ description: 'Whether the group may write to its media there.' }),
  manage: z.boolean().meta({ description: 'Whether the group may add and delete media there.' }),
});

const assignmentResponse = z.object({
  pool: z.int(),
  name: z.string(),
  write: z.boolean(),
  manage: z.boolean(),
  quota: byteField.meta({ description: '0 sets no limit.' }),
  used_bytes: byteField.meta({ description: 'By the group and all groups below it.' }),
  available_bytes: byteField.nullable().meta({ description: 'Null without any limit.' }),
});

/** A group has as many assignments as there are pools: they are one page. */
export const assignmentsResponse = z.object({
  items: z.array(assignmentResponse),
  next_cursor: z.null(),
});

/** `GET /v1/groups/{group}/assignments` */
export function getAssignments(listPools: ListPools, conceal: ConcealGroups): RequestHandler {
  return call(async ({ caller, request }) => {
    const group = groupIn(request);
    const pools = await conceal.run(caller, group, async () => listPools.run(caller, group));
    const body: z.input<typeof assignmentsResponse> = { items: pools.map(assignmentWire), next_cursor: null };
    return tagged({ request }, body);
  });
}

/** `PUT /v1/groups/{group}/assignments/{pool}` */
export function putAssignment(assignPool: AssignPool, conceal: ConcealGroups): RequestHandler {
  return call(async ({ caller, request }) => {
    const [group, pool] = [groupIn(request), poolIn(request)];
    const { quota, ...rights } = parseBody(assignmentRequest, request);
    const by = callerOfChange({ caller, request });
    await conceal.run(caller, group, async () => assignPool.run(by, group, pool, bytes(quota), rights));
    return NO_CONTENT;
  });
}

/** `DELETE /v1/groups/{group}/assignments/{pool}` */
export function deleteAssignment(revokePool: RevokePool, conceal: ConcealGroups): RequestHandler {
  return call(async ({ caller, request }) => {
    const [group, pool] = [groupIn(request), poolIn(request)];
    const by = callerOfChange({ caller, request });
    await conceal.run(caller, group, async () => revokePool.run(by, group, pool));
    return NO_CONTENT;
  });
}

function assignmentWire(assigned: AvailablePool): z.input<typeof assignmentResponse> {
  const { pool, write, manage, quota, used, available } = assigned;
  return { pool: pool.id, name: pool.name, write, manage, quota, used_bytes: used, available_bytes: available };
}
