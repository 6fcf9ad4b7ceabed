import type { RequestHandler } from 'express';
import type { InitializeUploads } from '../../../../application/drives/initialize-uploads.ts';
import { call, wrapped } from '../call.ts';
import { requireMaxObjects } from '../max-objects.ts';
import { parseObjects } from '../wire.ts';
import { driveCreateRequest } from './drive-fields.ts';
import { driveWire } from './drive-wire.ts';

/** `POST /initupload/`: creates drives whose bytes arrive in chunks, all of them or none. */
export function postInitUpload(initialize: InitializeUploads): RequestHandler {
  return call(async ({ caller, request }) => {
    const orders = requireMaxObjects(parseObjects(driveCreateRequest, request.body));
    const drives = await initialize.run(caller, orders);
    return wrapped(
      201,
      drives.map((drive) => driveWire(drive)),
    );
  });
}
