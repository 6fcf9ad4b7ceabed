import type { Operation } from '../../../src/adapters/http/native/operations.ts';

/** A status, or `ok` for any success. */
export type Outcome = number | 'ok';

/** The permissions of the holder on the group, and the outcome for each role. */
export interface RoleOutcomes {
  readonly rights: readonly string[];
  /** In the order of `ROLES`. */
  readonly outcomes: readonly Outcome[];
}

/**
 * The roles: `stranger` has no permissions, `member` an unrelated one on the group, `holder` those
 * of the row; the tokens are root's, one of each scope.
 */
export const ROLES = ['anonymous', 'stranger', 'member', 'holder', 'root', 'read', 'write', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const row = (rights: readonly string[], ...outcomes: readonly Outcome[]): RoleOutcomes => ({ rights, outcomes });

const OK: readonly Outcome[] = ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'];

/** anonymous, stranger, member, holder, root, and root's tokens: read, write, admin. */
export const TABLE: Readonly<Record<Operation, RoleOutcomes>> = {
  'POST /session': row([], 401, 401, 401, 401, 401, 401, 401, 401),
  'GET /session': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
  'DELETE /session': row([], ...OK),
  'GET /tokens': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
  'POST /tokens': row([], 401, 'ok', 'ok', 'ok', 'ok', 403, 403, 403),
  'DELETE /tokens/{token}': row([], 401, 404, 404, 404, 'ok', 403, 403, 403),
  'GET /users': row(['velocity.user.list'], 401, 403, 403, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'POST /users': row(['velocity.user.create'], 401, 403, 403, 'ok', 'ok', 403, 403, 'ok'),
  'PUT /users/me/password': row([], 401, 401, 401, 401, 401, 403, 403, 403),
  'GET /users/{user}': row(['velocity.user.view'], 401, 404, 404, 'ok', 'ok', 'ok', 'ok', 'ok'),
  // Allowed for the user itself, its creator, and holders of the permission on the root group.
  'PATCH /users/{user}': row(['velocity.user.view'], 401, 404, 404, 403, 'ok', 403, 403, 'ok'),
  'DELETE /users/{user}': row(['velocity.user.remove'], 401, 404, 404, 'ok', 'ok', 403, 403, 'ok'),
  'GET /groups': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
  'POST /groups': row(['velocity.group.create'], 401, 404, 403, 'ok', 'ok', 403, 403, 'ok'),
  'GET /groups/{group}': row(['velocity.nic.list'], 401, 404, 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
  'PATCH /groups/{group}': row(['velocity.group.create'], 401, 404, 403, 'ok', 'ok', 403, 403, 'ok'),
  'DELETE /groups/{group}': row(['velocity.group.remove'], 401, 404, 403, 'ok', 'ok', 403, 403, 'ok'),
  'GET /groups/{group}/members': row(['velocity.group.view'], 401, 404, 403, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'DELETE /groups/{group}/members/{user}': row(
    ['velocity.user.revoke', 'velocity.media.create'],
    ...([401, 404, 403, 'ok', 'ok', 403, 403, 'ok'] as const),
  ),
  'GET /groups/{group}/grants': row(['velocity.group.view'], 401, 404, 403, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'POST /groups/{group}/grants': row(
    ['velocity.user.assign', 'velocity.media.list'],
    ...([401, 404, 403, 'ok', 'ok', 403, 403, 'ok'] as const),
  ),
  'DELETE /groups/{group}/grants/{user}/{permission}': row(
    ['velocity.user.revoke', 'velocity.media.create'],
    ...([401, 404, 403, 'ok', 'ok', 403, 403, 'ok'] as const),
  ),
  'GET /groups/{group}/assignments': row(['velocity.pool.list'], 401, 404, 403, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'PUT /groups/{group}/assignments/{pool}': row(['velocity.pool.assign'], 401, 404, 403, 'ok', 'ok', 403, 403, 'ok'),
  'DELETE /groups/{group}/assignments/{pool}': row(['velocity.pool.revoke'], 401, 404, 403, 'ok', 'ok', 403, 403, 'ok'),
  'GET /audit': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /system': row([], 401, 403, 403, 403, 'ok', 'ok', 'ok', 'ok'),
  'GET /groups/{group}/usage': row(['velocity.pool.list'], 401, 404, 403, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /groups/{group}/usage/{pool}/entries': row(
    ['velocity.media.list'],
    ...([401, 404, 403, 'ok', 'ok', 'ok', 'ok', 'ok'] as const),
  ),
  'GET /media': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
  'POST /media': row(['velocity.media.create', 'velocity.media.list'], 401, 404, 403, 'ok', 'ok', 403, 'ok', 'ok'),
  // Its job fails: nothing listens there, whatever the role.
  'POST /imports': row(['velocity.media.create', 'velocity.media.list'], 401, 404, 403, 'ok', 'ok', 403, 'ok', 'ok'),
  'POST /media/check': row(
    ['velocity.media.create', 'velocity.media.list'],
    ...([401, 404, 403, 'ok', 'ok', 'ok', 'ok', 'ok'] as const),
  ),
  'POST /media/{media}/clone': row(
    ['velocity.media.create', 'velocity.media.list'],
    ...([401, 404, 404, 'ok', 'ok', 403, 'ok', 'ok'] as const),
  ),
  'POST /library/{media}/clone': row(['velocity.media.create'], 401, 404, 403, 'ok', 'ok', 403, 'ok', 'ok'),
  'GET /jobs/{job}': row(['velocity.media.list'], 401, 404, 404, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'DELETE /jobs/{job}': row(
    ['velocity.media.list', 'velocity.media.remove'],
    ...([401, 404, 404, 'ok', 'ok', 403, 'ok', 'ok'] as const),
  ),
  'PATCH /media/{media}': row(
    ['velocity.media.create', 'velocity.media.list'],
    ...([401, 404, 404, 'ok', 'ok', 403, 'ok', 'ok'] as const),
  ),
  'GET /media/{media}': row(['velocity.media.list'], 401, 404, 404, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /media/{media}/content': row(['velocity.media.list'], 401, 404, 404, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'DELETE /media/{media}': row(
    ['velocity.media.list', 'velocity.media.remove'],
    401,
    404,
    404,
    'ok',
    'ok',
    403,
    'ok',
    'ok',
  ),
  'GET /media/{media}/deletion': row(
    ['velocity.media.list', 'velocity.media.remove'],
    ...([401, 404, 404, 'ok', 'ok', 'ok', 'ok', 'ok'] as const),
  ),
  'GET /media/{media}/links': row(
    ['velocity.media.list', 'velocity.media.create'],
    ...([401, 404, 404, 'ok', 'ok', 'ok', 'ok', 'ok'] as const),
  ),
  'POST /media/{media}/links': row(
    ['velocity.media.list', 'velocity.media.create'],
    ...([401, 404, 404, 'ok', 'ok', 403, 'ok', 'ok'] as const),
  ),
  'DELETE /media/{media}/links/{link}': row(
    ['velocity.media.list', 'velocity.media.create'],
    ...([401, 404, 404, 'ok', 'ok', 403, 'ok', 'ok'] as const),
  ),
  'GET /trash': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
  'DELETE /trash': row([], 401, 'ok', 'ok', 'ok', 'ok', 403, 'ok', 'ok'),
  'DELETE /trash/{media}': row(
    ['velocity.media.list', 'velocity.media.remove'],
    401,
    404,
    404,
    'ok',
    'ok',
    403,
    'ok',
    'ok',
  ),
  'POST /trash/{media}/restore': row(
    ['velocity.media.create', 'velocity.media.list'],
    ...([401, 404, 404, 'ok', 'ok', 403, 'ok', 'ok'] as const),
  ),
  'GET /jobs': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /uploads': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
  'DELETE /uploads/{upload}': row(['velocity.media.remove'], 401, 404, 404, 'ok', 'ok', 403, 'ok', 'ok'),
  'GET /library': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
};
