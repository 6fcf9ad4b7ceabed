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
 * `GET /drives/` with four fields of each, or those asked for, and `GET /drives/detail/`; where
 * `tagOf` names a tag, of the drives that have it.
 */
export function getDrives(
  list: ListDrives,
  form: 'brief' | 'detail',
  tagOf: (asked: Call) => Promise<readonly string[]> = async () => Promise.resolve([]),
): RequestHandler {
  return call(async (asked) => {
    const { caller, request } = asked;
    const page = pageOf(request);
    const filters = filtersOf(request, ['uuid', 'tag', 'name', 'name__contains']);
    const within = await tagOf(asked);
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

/** `POST /drives/`: one or many, all of them or none. Each was `creating`, and is ready by now. */
export function postDrives(make: CreateDrives): RequestHandler {
  return call(async ({ caller, request, signal }) => {
    const orders = requireMaxObjects(parseObjects(driveCreateRequest, request.body));
    const made = await make.run(caller, orders, signal);
    return wrapped(
      201,
      made.map((media) => driveWire(media, 'creating')),
    );
  });
}

/** `DELETE /drives/`: all that are named, or none. */
export function deleteDrives(remove: RemoveDrives): RequestHandler {
  return call(async ({ caller, request }) => {
    await remove.run(caller, requireMaxObjects(parseObjects(driveReferenceRequest, request.body)));
    return NO_CONTENT;
  });
}
