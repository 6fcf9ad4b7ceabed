import type { Request } from 'express';
import type { Action, Subjects } from '../../../domain/audit/audit-event.ts';
import { knownCaller } from '../shared/callers.ts';
import { failedLogin, type DeniedAttemptOf } from '../shared/denied-attempts.ts';
import type { Operation } from './operations.ts';
import { gid, mid, mpid, uid } from './wire.ts';

/** The audit action of each call; null when it changes nothing. */
export const ACTIONS: Readonly<Record<Operation, Action | null>> = {
  'POST /u/auth': 'user.login',
  'PATCH /u/auth': 'authkey.swap',
  'DELETE /u/auth': 'authkey.drop',
  'POST /u/user': null,
  'PUT /u/user': 'user.create',
  'PATCH /u/user': 'user.home',
  'DELETE /u/user': 'user.remove',
  'POST /u/user/list': null,
  'PUT /u/user/permission': 'permission.give',
  'DELETE /u/user/permission': 'permission.take',
  'POST /u/group': null,
  'PUT /u/group': 'group.create',
  'DELETE /u/group': 'group.remove',
  'POST /u/group/list': null,
  'PUT /m/pool/assign': 'pool.assign',
  'DELETE /m/pool/assign': 'pool.revoke',
  'POST /m/pool/list': null,
  'PUT /m/media/create': 'media.create',
  'PUT /m/media/upload': 'media.upload',
  'DELETE /m/media': 'media.remove',
  'POST /m/media/list': null,
  'GET /m/media/{mid}/content': null,
  'POST /v/vm/list': null,
  'POST /v/nic/list': null,
};

/** Returns the audit event of a refused call of this dialect. */
export const deniedAttemptOf: DeniedAttemptOf = (request, response, error) => {
  const operation = response.locals.operation as Operation | undefined;
  const action = operation === undefined ? null : ACTIONS[operation];
  if (action === null) return null;
  if (action === 'user.login') {
    const { name, username } = fieldsOf(request);
    return failedLogin(request, 'velocity', error, name ?? username);
  }
  const by = knownCaller(request);
  return by && { by, event: { action, ...subjectsOf(request) } };
};

/**
 * Returns the subjects of a call whose ids are valid. A group that was not created is represented
 * by its parent.
 */
function subjectsOf(request: Request): Subjects {
  const fields = fieldsOf(request);
  const { headers } = request;
  return present({
    user: uid.safeParse(fields.uid).data,
    group: gid.safeParse(fields.gid ?? fields.parent_gid ?? fields.home_gid ?? headers['x-velocity-gid']).data,
    pool: mpid.safeParse(fields.mpid ?? headers['x-velocity-mpid']).data,
    media: mid.safeParse(fields.mid).data ?? undefined,
  });
}

function present(subjects: { readonly [Name in keyof Subjects]: Subjects[Name] | undefined }): Subjects {
  return Object.fromEntries(Object.entries(subjects).filter(([, id]) => id !== undefined));
}

function fieldsOf({ body }: Request): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}
