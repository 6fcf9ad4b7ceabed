import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Subjects } from '../../../domain/audit/audit-event.ts';
import { basicCredentials } from '../shared/basic-credentials.ts';
import { knownCaller } from '../shared/callers.ts';
import { failedLogin, type DeniedAttemptOf } from '../shared/denied-attempts.ts';
import { CHANNEL } from './callers.ts';
import { termsOf, type Operation } from './operations.ts';

interface NotedCall {
  readonly operation: Operation;
  readonly params: Request['params'];
}

const CALLS = new WeakMap<Response, NotedCall>();

/** Middleware. Records the call of a request while its path is at hand. */
export function noteOperation(operation: Operation): RequestHandler {
  return ({ params }, response, next) => {
    CALLS.set(response, { operation, params: { ...params } });
    next();
  };
}

/** Returns the audit event of a refused call of this dialect. */
export const deniedAttemptOf: DeniedAttemptOf = (request, response, error) => {
  const call = CALLS.get(response);
  if (call?.operation === 'POST /session') return failedLogin(request, CHANNEL, error, fieldsOf(request).name);
  const by = knownCaller(request);
  if (by === null) return failedLogin(request, CHANNEL, error, basicCredentials(request)?.name);
  const action = call && termsOf(call.operation).action;
  return call === undefined || action == null ? null : { by, event: { action, ...subjectsOf(request, call) } };
};

const subjects = z.object({
  user: z.coerce.number().int().min(0).optional().catch(undefined),
  group: z.coerce.number().int().min(0).optional().catch(undefined),
  pool: z.coerce.number().int().min(0).optional().catch(undefined),
  media: z.guid().optional().catch(undefined),
});

/**
 * Subjects have the same names in paths and in bodies. The group of a new group is its parent, that
 * of a user its new home; the id of an upload is the one of its item.
 */
function subjectsOf(request: Request, { params }: NotedCall): Subjects {
  const { parent, home, ...fields } = fieldsOf(request);
  const found = subjects.parse({ group: parent ?? home, media: params.upload, ...fields, ...params });
  return Object.fromEntries(Object.entries(found).filter(([, id]) => id !== undefined));
}

function fieldsOf({ body }: Request): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}
