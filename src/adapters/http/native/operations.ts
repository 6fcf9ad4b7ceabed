import type { Action } from '../../../domain/audit/audit-event.ts';

/** Where the dialect is mounted. */
export const ROOT = '/v1';

/**
 * The credentials that a call takes: `open` needs none, `login` any but an API token, the others
 * also an API token of that scope or a wider one (docs/api.md#callers).
 */
export type CallScope = 'open' | 'login' | 'read' | 'write' | 'admin';

export interface OperationTerms {
  readonly scope: CallScope;
  /** The audit action of a call that changes something; null for other calls. */
  readonly action: Action | null;
  /** The largest JSON body; 64 KiB by default. Null for a call whose body is not read as JSON. */
  readonly maxBodyBytes?: number | null;
  /**
   * Whether `Idempotency-Key` makes the call once (see `keyedCall`), or is refused since the answer
   * has a secret. Other calls ignore the header.
   */
  readonly key?: 'kept' | 'refused';
}

/** Every call of the dialect, by method and path below `ROOT`. */
export const OPERATIONS = {
  'POST /session': { scope: 'open', action: 'user.login' },
  'GET /session': { scope: 'read', action: null },
  'DELETE /session': { scope: 'open', action: 'session.end' },
  'GET /tokens': { scope: 'read', action: null },
  'POST /tokens': { scope: 'login', action: 'token.create', key: 'refused' },
  'DELETE /tokens/{token}': { scope: 'login', action: 'token.remove' },
  'GET /users': { scope: 'read', action: null },
  'POST /users': { scope: 'admin', action: 'user.create', key: 'kept' },
  'PUT /users/me/password': { scope: 'login', action: 'user.password' },
  'GET /users/{user}': { scope: 'read', action: null },
  'PATCH /users/{user}': { scope: 'admin', action: 'user.home' },
  'DELETE /users/{user}': { scope: 'admin', action: 'user.remove' },
  'GET /groups': { scope: 'read', action: null },
  'POST /groups': { scope: 'admin', action: 'group.create', key: 'kept' },
  'GET /groups/{group}': { scope: 'read', action: null },
  'PATCH /groups/{group}': { scope: 'admin', action: 'group.edit' },
  'DELETE /groups/{group}': { scope: 'admin', action: 'group.remove' },
  'GET /groups/{group}/members': { scope: 'read', action: null },
  'DELETE /groups/{group}/members/{user}': { scope: 'admin', action: 'permission.take' },
  'GET /groups/{group}/grants': { scope: 'read', action: null },
  'POST /groups/{group}/grants': { scope: 'admin', action: 'permission.give' },
  'DELETE /groups/{group}/grants/{user}/{permission}': { scope: 'admin', action: 'permission.take' },
  'GET /groups/{group}/assignments': { scope: 'read', action: null },
  'PUT /groups/{group}/assignments/{pool}': { scope: 'admin', action: 'pool.assign' },
  'DELETE /groups/{group}/assignments/{pool}': { scope: 'admin', action: 'pool.revoke' },
  'GET /system': { scope: 'read', action: null },
  'GET /audit': { scope: 'read', action: null },
  'DELETE /media/{media}': { scope: 'write', action: 'media.trash' },
  'GET /media/{media}/deletion': { scope: 'read', action: null },
  'GET /media/{media}/links': { scope: 'read', action: null },
  'POST /media/{media}/links': { scope: 'write', action: 'link.create', key: 'refused' },
  'DELETE /media/{media}/links/{link}': { scope: 'write', action: 'link.revoke' },
  'GET /trash': { scope: 'read', action: null },
  'DELETE /trash': { scope: 'write', action: 'media.remove' },
  'DELETE /trash/{media}': { scope: 'write', action: 'media.remove' },
  'POST /trash/{media}/restore': { scope: 'write', action: 'media.restore' },
  'GET /groups/{group}/usage': { scope: 'read', action: null },
  'GET /groups/{group}/usage/{pool}/entries': { scope: 'read', action: null },
  'GET /media': { scope: 'read', action: null },
  'POST /media': { scope: 'write', action: 'media.create', key: 'kept' },
  'POST /media/check': { scope: 'read', action: null, maxBodyBytes: 128 * 1024 },
  'GET /media/{media}': { scope: 'read', action: null },
  'PATCH /media/{media}': { scope: 'write', action: 'media.edit' },
  'GET /media/{media}/content': { scope: 'read', action: null, maxBodyBytes: null },
  'POST /media/{media}/clone': { scope: 'write', action: 'media.clone', key: 'kept' },
  'POST /imports': { scope: 'write', action: 'media.import', key: 'kept' },
  'GET /jobs': { scope: 'read', action: null },
  'GET /jobs/{job}': { scope: 'read', action: null },
  'DELETE /jobs/{job}': { scope: 'write', action: 'job.cancel' },
  'GET /uploads': { scope: 'read', action: null },
  'DELETE /uploads/{upload}': { scope: 'write', action: 'upload.abort' },
  'GET /library': { scope: 'read', action: null },
  'POST /library/{media}/clone': { scope: 'write', action: 'media.clone', key: 'kept' },
} as const satisfies Readonly<Record<string, OperationTerms>>;

export type Operation = keyof typeof OPERATIONS;

/** Returns the terms of a call. */
export function termsOf(operation: Operation): OperationTerms {
  return OPERATIONS[operation];
}
