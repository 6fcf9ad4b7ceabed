import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { DeleteMedia } from '../../../../application/trash/delete-media.ts';
import type { DeletionPlan, PlanDeletion } from '../../../../application/trash/plan-deletion.ts';
import { call, NO_CONTENT } from '../call.ts';
import { matching, tagged } from '../entity-tags.ts';
import { flag, parseQuery } from '../input.ts';
import { mediaDetailWire } from '../media/media-wire.ts';
import { mediaIn } from '../path-ids.ts';

export const deleteMediaQuery = z.strictObject({
  permanent: flag.default(false).meta({ description: 'Deletes it for good instead of moving it to the trash.' }),
  dry_run: flag.default(false).meta({ description: 'Checks everything and changes nothing.' }),
});

const serverResponse = z.object({ id: z.guid(), name: z.string(), owner: z.string() });
const cloneResponse = z.object({ id: z.guid(), name: z.string() });

export const deletionResponse = z.object({
  deletable: z.boolean().meta({ description: 'Whether nothing holds it.' }),
  protected: z.boolean(),
  servers: z
    .array(serverResponse)
    .meta({ description: 'Up to 20 servers that have it attached, for callers who may remove the item.' }),
  server_count: z.int(),
  clones: z.array(cloneResponse).meta({ description: 'Up to 20 visible items that share its bytes.' }),
  clone_count: z.int().meta({ description: 'All items that share its bytes, also those in the trash.' }),
  charge_freed: z.int().meta({ description: 'The bytes that its group has more for other items afterwards.' }),
  bytes_freed: z.int().meta({ description: 'The bytes that the pool stores less; 0 while other items share them.' }),
});

/** `DELETE /v1/media/{media}` */
export function deleteMedia(use: DeleteMedia): RequestHandler {
  return call(async ({ caller, request }) => {
    const { permanent, dry_run } = parseQuery(deleteMediaQuery, request);
    const precondition = matching({ request }, mediaDetailWire);
    await use.run(caller, mediaIn(request), { permanent, dryRun: dry_run, precondition });
    return NO_CONTENT;
  });
}

/** `GET /v1/media/{media}/deletion` */
export function getDeletion(planDeletion: PlanDeletion): RequestHandler {
  return call(async ({ caller, request }) =>
    tagged({ request }, deletionWire(await planDeletion.run(caller, mediaIn(request)))),
  );
}

function deletionWire(plan: DeletionPlan): z.input<typeof deletionResponse> {
  return {
    deletable: plan.isDeletable,
    protected: plan.isProtected,
    servers: plan.servers.map(({ server, name, owner }) => ({ id: server, name, owner })),
    server_count: plan.serverCount,
    clones: plan.clones.map(({ id, name }) => ({ id, name })),
    clone_count: plan.cloneCount,
    charge_freed: plan.chargeFreed,
    bytes_freed: plan.bytesFreed,
  };
}
