import type { RequestHandler } from 'express';
import type { UpdateDrive } from '../../../../application/drives/update-drive.ts';
import type { RemoveDrives } from '../../../../application/drives/remove-drives.ts';
import type { ViewDrive } from '../../../../application/drives/view-drive.ts';
import { bare, call, NO_CONTENT } from '../call.ts';
import { parseBody } from '../wire.ts';
import { driveUpdateRequest, driveId } from './drive-fields.ts';
import { driveWire } from './drive-wire.ts';

/** `GET /drives/{uuid}/`, also for library drives. */
export function getDrive(view: ViewDrive): RequestHandler {
  return call(async (context) => {
    const media = await view.run(context.caller, driveId(context.request.params.uuid));
    return bare(context, driveWire(media));
  });
}

/**
 * `PUT /drives/{uuid}/`. When the size changed, the answer has the status `resizing`, although the
 * drive is ready.
 */
export function putDrive(edit: UpdateDrive): RequestHandler {
  return call(async (context) => {
    const changes = parseBody(driveUpdateRequest, context.request.body);
    const { media, resized } = await edit.run(context.caller, driveId(context.request.params.uuid), changes);
    return bare(context, driveWire(media, resized ? 'resizing' : undefined));
  });
}

/** `DELETE /drives/{uuid}/` */
export function deleteDrive(remove: RemoveDrives): RequestHandler {
  return call(async ({ caller, request }) => {
    await remove.run(caller, [driveId(request.params.uuid)]);
    return NO_CONTENT;
  });
}
