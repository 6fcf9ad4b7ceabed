import type { RequestHandler } from 'express';
import type { ListDrives } from '../../../../application/drives/list-drives.ts';
import type { CreateDrives } from '../../../../application/drives/create-drives.ts';
import type { RemoveDrives } from '../../../../application/drives/remove-drives.ts';
import { requireMaxObjects } from '../max-objects.ts';
import { call, NO_CONTENT, wrapped, type Call } from '../call.ts';
import { fieldsOf } from '../fields.ts';
import { filtersOf, streamedPage, pageOf } from '../listing.ts';
import { parseObjects } from '../wire.ts';
import { driveReferenceRequest, driveCreateRequest } from './drive-fields.ts';
import { briefDriveWire, driveWire } from './drive-wire.ts';

/**
 * `GET /drives/` with four fields of each drive or the requested ones, and `GET /drives/detail/`.
 * When `tagOf` resolves with a tag, only the drives with it.
 */
export function getDrives(
  list: ListDrives,
  form: 'brief' | 'detail',
  tagOf: (context: Call) => Promise<readonly string[]> = async () => Promise.resolve([]),
): RequestHandler {
  return call(async (context) => {
    const { caller, request } = context;
    const page = pageOf(request);
    const filters = filtersOf(request, ['uuid', 'tag', 'name', 'name__contains']);
    const within = await tagOf(context);
    const found = await list.run(caller, {
      ids: filters.uuid,
      tags: [...filters.tag, ...within.map((tag) => [tag])],
      labels: filters.name,
      labelParts: filters.name__contains,
      limit: page.limit === 0 ? null : page.limit,
      offset: page.offset,
    });
    const isBrief = form === 'brief' && fieldsOf(request) === null;
    return streamedPage(request, page, found, (media) => (isBrief ? briefDriveWire(media) : driveWire(media)));
  });
}

/**
 * `POST /drives/`: creates one or several, all of them or none. The answer has the status
 * `creating`, although the drives are ready.
 */
export function postDrives(create: CreateDrives): RequestHandler {
  return call(async ({ caller, request, signal }) => {
    const orders = requireMaxObjects(parseObjects(driveCreateRequest, request.body));
    const drives = await create.run(caller, orders, signal);
    return wrapped(
      201,
      drives.map((media) => driveWire(media, 'creating')),
    );
  });
}

/** `DELETE /drives/`: deletes all named drives or none. */
export function deleteDrives(remove: RemoveDrives): RequestHandler {
  return call(async ({ caller, request }) => {
    await remove.run(caller, requireMaxObjects(parseObjects(driveReferenceRequest, request.body)));
    return NO_CONTENT;
  });
}
