import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { EmptyTrash } from '../../../../application/trash/empty-trash.ts';
import type { ListTrash } from '../../../../application/trash/list-trash.ts';
import type { RestoreMedia } from '../../../../application/trash/restore-media.ts';
import type { TrashFilter, TrashSort } from '../../../../domain/media/trash-filter.ts';
import type { GroupId } from '../../../../domain/shared/ids.ts';
import { call, NO_CONTENT } from '../call.ts';
import { flag, nameField, parseBody, parseQuery } from '../input.ts';
import { keysetTerms, listed, listFields, type ListOrders } from '../list.ts';
import { mediaIn } from '../path-ids.ts';
import { trashedWire } from './trash-wire.ts';

const ORDERS: ListOrders<TrashSort> = {
  sorts: { trashed: 'time', name: 'text', size: 'number' },
  id: 'uuid',
  defaultSort: '-trashed',
};

const FILTER = {
  group: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the id of a group')
    .transform((text) => Number(text) as GroupId)
    .optional()
    .meta({ description: 'The items of this group; of all groups if omitted.' }),
  subtree: flag.optional().meta({ description: 'Those of the groups below it too.' }),
};

export const trashQuery = z.strictObject({ ...listFields(ORDERS), ...FILTER });

const dryRun = flag.default(false).meta({ description: 'Checks everything and changes nothing.' });

export const emptyTrashQuery = z.strictObject({ ...FILTER, dry_run: dryRun });

export const emptyTrashResponse = z.object({
  deleted: z.int().meta({ description: 'The number of items; with `dry_run`, of those that would be deleted.' }),
});

export const deleteTrashedQuery = z.strictObject({ dry_run: dryRun });

export const restoreRequest = z.strictObject({ name: nameField.optional() });

/** `GET /v1/trash` */
export function getTrash(listTrash: ListTrash): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(trashQuery, request);
    const page = await listTrash.run(caller, filterOf(query), keysetTerms(ORDERS, query));
    return listed({ request }, query, page, trashedWire);
  });
}

/** `DELETE /v1/trash` */
export function deleteTrash(emptyTrash: EmptyTrash): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(emptyTrashQuery, request);
    const deleted = await emptyTrash.all(caller, filterOf(query), query.dry_run);
    return { status: 200, body: { deleted } satisfies z.input<typeof emptyTrashResponse> };
  });
}

/** `DELETE /v1/trash/{media}` */
export function deleteTrashed(emptyTrash: EmptyTrash): RequestHandler {
  return call(async ({ caller, request }) => {
    const { dry_run } = parseQuery(deleteTrashedQuery, request);
    await emptyTrash.one(caller, mediaIn(request), dry_run);
    return NO_CONTENT;
  });
}

/** `POST /v1/trash/{media}/restore` */
export function postRestore(restoreMedia: RestoreMedia): RequestHandler {
  return call(async ({ caller, request }) => {
    const { name } = parseBody(restoreRequest, request);
    await restoreMedia.run(caller, mediaIn(request), name);
    return NO_CONTENT;
  });
}

function filterOf({
  group,
  subtree,
}: {
  readonly group?: GroupId | undefined;
  readonly subtree?: boolean | undefined;
}): TrashFilter {
  return { group: group ?? null, subtree: subtree ?? false };
}
