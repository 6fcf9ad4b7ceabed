import type { Request, RequestHandler, Response } from 'express';
import type { Action, Subjects } from '../../../domain/audit/audit-event.ts';
import { isUuid, type MediaId, type ServerId, type TagId } from '../../../domain/shared/ids.ts';
import { knownCaller } from '../shared/callers.ts';
import { failedLogin, type DeniedAttemptOf } from '../shared/denied-attempts.ts';
import { credentialsOf } from './authenticate.ts';

/**
 * The audit action of each call that changes something; for a call with several actions, by the
 * value of `do`.
 */
export const ACTIONS: Readonly<Record<string, Action | Readonly<Record<string, Action>>>> = {
  'POST /drives': 'media.create',
  'DELETE /drives': 'media.remove',
  'POST /drives/upload': 'media.upload',
  'POST /drives/upload/{file_name}': 'media.upload',
  'PUT /drives/{uuid}': 'media.edit',
  'DELETE /drives/{uuid}': 'media.remove',
  'POST /drives/{uuid}/action': { clone: 'media.clone', resize: 'media.resize', upload_chunk: 'media.upload' },
  'POST /drives/{uuid}/upload': 'media.upload',
  'POST /initupload': 'upload.create',
  'POST /chunks/{token}': 'media.upload',
  'POST /libdrives/{uuid}/action': { clone: 'media.clone' },
  'PUT /profile': 'user.edit',
  'POST /servers': 'server.create',
  'PUT /servers/{uuid}': 'server.edit',
  'DELETE /servers/{uuid}': 'server.remove',
  'POST /tags': 'tag.create',
  'PUT /tags/{uuid}': 'tag.edit',
  'DELETE /tags/{uuid}': 'tag.remove',
};

interface AskedCall {
  readonly operation: string;
  readonly uuid: string | null;
}

const CALLS = new WeakMap<Response, AskedCall>();

/** Middleware. Records the call of a request while its path is at hand. */
export function noteOperation(operation: string): RequestHandler {
  return (request, response, next) => {
    const { uuid } = request.params;
    CALLS.set(response, { operation, uuid: typeof uuid === 'string' && isUuid(uuid) ? uuid.toLowerCase() : null });
    next();
  };
}

/** Returns the audit event of a refused call of this dialect. */
export const deniedAttemptOf: DeniedAttemptOf = (request, response, error) => {
  const by = knownCaller(request);
  if (by === null) return failedLogin(request, 'cloudsigma', error, credentialsOf(request)?.name);
  const call = CALLS.get(response);
  const action = call && actionOf(call, request);
  return call === undefined || action === undefined ? null : { by, event: { action, ...subjectOf(call) } };
};

function actionOf({ operation }: AskedCall, request: Request): Action | undefined {
  const action = ACTIONS[operation];
  if (typeof action !== 'object') return action;
  const name = request.query.do;
  return typeof name === 'string' && Object.hasOwn(action, name) ? action[name] : undefined;
}

function subjectOf({ operation, uuid }: AskedCall): Subjects {
  if (uuid === null) return {};
  if (operation.includes('/servers/')) return { server: uuid as ServerId };
  return operation.includes('/tags/') ? { tag: uuid as TagId } : { media: uuid as MediaId };
}
