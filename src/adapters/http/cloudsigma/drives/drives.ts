import type { RequestHandler } from 'express';
import type { ListLabelledMedia } from '../../../../application/media/list-labelled-media.ts';
import type { MakeLabelledMedia } from '../../../../application/media/make-labelled-media.ts';
import type { MediaView } from '../../../../application/media/media-view.ts';
import type { RemoveLabelledMedia } from '../../../../application/media/remove-labelled-media.ts';
import { call, NOTHING, wrapped } from '../call.ts';
import { OUTSIDE } from '../errors.ts';
import { fieldsOf, type Projectable } from '../fields.ts';
import { filterOf, listed, pageOf } from '../listing.ts';
import { WireFault } from '../wire-fault.ts';
import { parseObjects } from '../wire.ts';
import { named, newDrive } from './drive-fields.ts';
import { briefDriveWire, driveWire } from './drive-wire.ts';

/** So many drives are made or deleted with one request at most, since all of them are or none is. */
const MOST_AT_ONCE = 100;

/** `GET /drives/`: four fields of each, or those asked for. */
export function getDrives(list: ListLabelledMedia): RequestHandler {
  return listOf(list, (media, fieldsAsked) => (fieldsAsked ? driveWire(media) : briefDriveWire(media)));
}

/** `GET /drives/detail/` */
export function getDrivesInDetail(list: ListLabelledMedia): RequestHandler {
  return listOf(list, (media) => driveWire(media));
}

/** `POST /drives/`: one or many, all of them or none. Each was `creating`, and is ready by now. */
export function postDrives(make: MakeLabelledMedia): RequestHandler {
  return call(async ({ caller, request, signal }) => {
    const orders = fewEnough(parseObjects(newDrive, request.body));
    const made = await make.run(caller, orders, signal);
    return wrapped(
      201,
      made.map((media) => driveWire(media, 'creating')),
    );
  });
}

/** `DELETE /drives/`: all that are named, or none. */
export function deleteDrives(remove: RemoveLabelledMedia): RequestHandler {
  return call(async ({ caller, request }) => {
    await remove.run(caller, fewEnough(parseObjects(named, request.body)));
    return NOTHING;
  });
}

function listOf(
  list: ListLabelledMedia,
  present: (media: MediaView, fieldsAsked: boolean) => Projectable,
): RequestHandler {
  return call(async ({ caller, request }) => {
    const page = pageOf(request);
    const { total, items } = await list.run(caller, {
      // Nothing has a tag yet, so whoever asks for one gets nothing.
      ids: [...filterOf(request, 'uuid'), ...filterOf(request, 'tag').map(() => [])],
      labels: filterOf(request, 'name'),
      labelParts: filterOf(request, 'name__contains'),
      limit: page.limit === 0 ? null : page.limit,
      offset: page.offset,
    });
    const fieldsAsked = fieldsOf(request) !== null;
    return listed(
      request,
      page,
      total,
      items.map((media) => present(media, fieldsAsked)),
    );
  });
}

function fewEnough<T>(objects: readonly T[]): readonly T[] {
  if (objects.length <= MOST_AT_ONCE) return objects;
  throw new WireFault(OUTSIDE.malformed, `there may be ${MOST_AT_ONCE} objects at most`);
}
