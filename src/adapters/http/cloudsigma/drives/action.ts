import type { RequestHandler } from 'express';
import type { UpdateDrive } from '../../../../application/drives/update-drive.ts';
import { call, wrapped, type Call, type Reply } from '../call.ts';
import { RequestError } from '../../shared/request-error.ts';
import { parseBody } from '../wire.ts';
import { driveId, driveResizeRequest } from './drive-fields.ts';
import { driveWire } from './drive-wire.ts';

/** Actions by the value of `do`. */
export type Actions = Readonly<Record<string, (context: Call) => Promise<Reply>>>;

/** `POST …/action/?do=NAME` */
export function postAction(actions: Actions): RequestHandler {
  return call(async (context) => {
    const name = context.request.query.do;
    const action = typeof name === 'string' && Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action !== undefined) return action(context);
    throw new RequestError('malformed', [
      { message: `do must be one of ${Object.keys(actions).join(', ')}`, point: 'do' },
    ]);
  });
}

/**
 * `do=resize`: the same full update as `PUT`, with a size. The answer has the status `resizing`,
 * although the drive is ready.
 */
export function resize(edit: UpdateDrive): Actions[string] {
  return async ({ caller, request }) => {
    const changes = parseBody(driveResizeRequest, request.body);
    const { media } = await edit.run(caller, driveId(request.params.uuid), changes);
    return wrapped(202, [driveWire(media, 'resizing')]);
  };
}
