import type { RequestHandler } from 'express';
import type { EditServer } from '../../../../application/servers/edit-server.ts';
import type { MediaToRemove, RemoveServer } from '../../../../application/servers/remove-server.ts';
import type { ViewServer } from '../../../../application/servers/view-server.ts';
import type { ServerId } from '../../../../domain/shared/ids.ts';
import { bare, call, NO_CONTENT, type Call } from '../call.ts';
import { idFrom } from '../sent-reference.ts';
import { RequestError } from '../../shared/request-error.ts';
import { parseBody } from '../wire.ts';
import { serverUpdateRequest } from './server-fields.ts';
import { serverWire } from './server-wire.ts';

/** The values of `recurse`. */
export const RECURSE: Readonly<Record<string, MediaToRemove>> = {
  all_drives: 'all',
  disks: 'disks',
  cdroms: 'optical',
};

/** The actions of servers that run. */
export const ACTIONS: ReadonlySet<string> = new Set([
  'start',
  'stop',
  'shutdown',
  'clone',
  'open_vnc',
  'close_vnc',
  'open_console',
  'close_console',
]);

/** `GET /servers/{uuid}/` */
export function getServer(view: ViewServer): RequestHandler {
  return call(async (context) => bare(context, serverWire(await view.run(context.caller, serverId(context)))));
}

/** `PUT /servers/{uuid}/` */
export function putServer(edit: EditServer): RequestHandler {
  return call(async (context) => {
    const changes = parseBody(serverUpdateRequest, context.request.body);
    return bare(context, serverWire(await edit.run(context.caller, serverId(context), changes)));
  });
}

/** `DELETE /servers/{uuid}/`; `recurse` names attached drives to delete too. */
export function deleteServer(remove: RemoveServer): RequestHandler {
  return call(async (context) => {
    await remove.run(context.caller, serverId(context), mediaToRemove(context.request.query.recurse));
    return NO_CONTENT;
  });
}

/**
 * `POST /servers/{uuid}/action/?do=NAME`: servers never run, so every action is `not-implemented`
 * (docs/servers.md#servers).
 */
export function postServerAction(view: ViewServer): RequestHandler {
  return call(async (context) => {
    const action = context.request.query.do;
    if (typeof action !== 'string' || !ACTIONS.has(action)) {
      throw new RequestError('malformed', [{ message: `do must be one of ${[...ACTIONS].join(', ')}`, point: 'do' }]);
    }
    await view.run(context.caller, serverId(context));
    throw new RequestError(
      'not-implemented',
      `${action} is not implemented: this service stores media and runs no servers`,
    );
  });
}

function mediaToRemove(recurse: unknown): MediaToRemove {
  if (recurse === undefined) return 'none';
  const removed = typeof recurse === 'string' && Object.hasOwn(RECURSE, recurse) ? RECURSE[recurse] : undefined;
  if (removed !== undefined) return removed;
  throw new RequestError('malformed', [
    { message: `recurse must be one of ${Object.keys(RECURSE).join(', ')}`, point: 'recurse' },
  ]);
}

function serverId({ request }: Call): ServerId | null {
  return idFrom(request.params.uuid) as ServerId | null;
}
