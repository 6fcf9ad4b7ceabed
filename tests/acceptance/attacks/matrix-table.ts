/** A status, or `ok` for any success. */
export type Outcome = number | 'ok';

/** The permissions for a call, and its outcome for each role. */
export interface RoleOutcomes {
  /**
   * The holder's permissions on the tenant's group; null if the call needs the owner of the object.
   */
  readonly rights: readonly string[] | null;
  /** In the order of the roles. */
  readonly outcomes: readonly Outcome[];
}

function row(
  rights: readonly string[] | null,
  anonymous: Outcome,
  stranger: Outcome,
  neighbour: Outcome,
  member: Outcome,
  holder: Outcome,
  root: Outcome,
): RoleOutcomes {
  return { rights, outcomes: [anonymous, stranger, neighbour, member, holder, root] };
}

/** The calls of the Velocity dialect: anonymous, stranger, neighbour, member, holder, root. */
export const VELOCITY_TABLE: Readonly<Record<string, RoleOutcomes>> = {
  'POST /u/auth': row([], 403, 403, 403, 403, 403, 403),
  'PATCH /u/auth': row([], 403, 403, 403, 403, 403, 403),
  'DELETE /u/auth': row([], 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
  'POST /u/user': row(['velocity.user.view'], 401, 403, 403, 403, 'ok', 'ok'),
  // A permission on any group suffices, also on another tenant's.
  'PUT /u/user': row(['velocity.user.create'], 401, 403, 'ok', 403, 'ok', 'ok'),
  // Allowed for the user itself, its creator, and a holder of the permission on the root.
  'PATCH /u/user': row(['velocity.user.assign'], 401, 403, 403, 403, 403, 'ok'),
  'DELETE /u/user': row(['velocity.user.remove'], 401, 403, 403, 403, 'ok', 'ok'),
  'POST /u/user/list': row(['velocity.user.list'], 401, 403, 'ok', 403, 'ok', 'ok'),
  'PUT /u/user/permission': row(['velocity.user.assign', 'velocity.media.list'], 401, 403, 403, 403, 'ok', 'ok'),
  'DELETE /u/user/permission': row(['velocity.user.revoke', 'velocity.media.list'], 401, 403, 403, 403, 'ok', 'ok'),
  'POST /u/group': row(['velocity.group.view'], 401, 403, 403, 403, 'ok', 'ok'),
  'PUT /u/group': row(['velocity.group.create'], 401, 403, 403, 403, 'ok', 'ok'),
  'DELETE /u/group': row(['velocity.group.remove'], 401, 403, 403, 403, 'ok', 'ok'),
  'POST /u/group/list': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'PUT /m/pool/assign': row(['velocity.pool.assign'], 401, 403, 403, 403, 'ok', 'ok'),
  'DELETE /m/pool/assign': row(['velocity.pool.revoke'], 401, 403, 403, 403, 'ok', 'ok'),
  'POST /m/pool/list': row(['velocity.pool.list'], 401, 403, 403, 403, 'ok', 'ok'),
  'PUT /m/media/create': row(['velocity.media.create'], 401, 403, 403, 403, 'ok', 'ok'),
  'PUT /m/media/upload': row(['velocity.media.create'], 401, 403, 403, 403, 'ok', 'ok'),
  'DELETE /m/media': row(['velocity.media.remove'], 401, 403, 403, 403, 'ok', 'ok'),
  'POST /m/media/list': row(['velocity.media.list'], 401, 403, 403, 403, 'ok', 'ok'),
  'GET /m/media/{mid}/content': row(['velocity.media.list'], 401, 404, 404, 404, 'ok', 'ok'),
  'POST /v/vm/list': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'POST /v/nic/list': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
};

/**
 * The calls of the CloudSigma dialect, in the same order. Only the owner sees servers, tags and
 * jobs; root does not either.
 */
export const CLOUDSIGMA_TABLE: Readonly<Record<string, RoleOutcomes>> = {
  'GET /capabilities': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /capabilities/schema': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /drives': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  // The neighbour's drive goes into the neighbour's own group.
  'POST /drives': row(['velocity.media.create'], 401, 403, 'ok', 403, 'ok', 'ok'),
  'DELETE /drives': row(['velocity.media.list', 'velocity.media.remove'], 401, 404, 404, 404, 'ok', 'ok'),
  'GET /drives/detail': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /drives/schema': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'POST /drives/upload': row(['velocity.media.create'], 401, 403, 'ok', 403, 'ok', 'ok'),
  'POST /drives/upload/{file_name}': row(['velocity.media.create'], 401, 403, 'ok', 403, 'ok', 'ok'),
  'GET /drives/{uuid}': row(['velocity.media.list'], 401, 404, 404, 404, 'ok', 'ok'),
  'PUT /drives/{uuid}': row(['velocity.media.list', 'velocity.media.create'], 401, 404, 404, 404, 'ok', 'ok'),
  'DELETE /drives/{uuid}': row(['velocity.media.list', 'velocity.media.remove'], 401, 404, 404, 404, 'ok', 'ok'),
  'GET /drives/{uuid}/download': row(['velocity.media.list'], 401, 404, 404, 404, 'ok', 'ok'),
  'POST /drives/{uuid}/action': row(['velocity.media.list', 'velocity.media.create'], 401, 404, 404, 404, 'ok', 'ok'),
  // Only the user that began it sends its chunks; root sees the drive.
  'GET /drives/{uuid}/upload': row(null, 401, 404, 404, 404, 'ok', 403),
  'POST /drives/{uuid}/upload': row(null, 401, 404, 404, 404, 'ok', 403),
  'POST /initupload': row(['velocity.media.create'], 401, 403, 'ok', 403, 'ok', 'ok'),
  // The link itself is the credential.
  'POST /chunks/{token}': row([], 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /ips': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /ips/detail': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /ips/schema': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /jobs': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /jobs/detail': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /jobs/schema': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /jobs/{uuid}': row(null, 401, 404, 404, 404, 'ok', 404),
  'GET /libdrives': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /libdrives/detail': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /libdrives/schema': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /libdrives/{uuid}': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'POST /libdrives/{uuid}/action': row(['velocity.media.create'], 401, 403, 'ok', 403, 'ok', 'ok'),
  'GET /licenses': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /licenses/detail': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /licenses/schema': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /profile': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'PUT /profile': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /profile/schema': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /servers': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'POST /servers': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /servers/detail': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /servers/schema': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /servers/{uuid}': row(null, 401, 404, 404, 404, 'ok', 404),
  'PUT /servers/{uuid}': row(null, 401, 404, 404, 404, 'ok', 404),
  'DELETE /servers/{uuid}': row(null, 401, 404, 404, 404, 'ok', 404),
  // Platter runs no servers.
  'POST /servers/{uuid}/action': row(null, 401, 404, 404, 404, 501, 404),
  'GET /tags': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'POST /tags': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /tags/detail': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /tags/schema': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /tags/{uuid}': row(null, 401, 404, 404, 404, 'ok', 404),
  'PUT /tags/{uuid}': row(null, 401, 404, 404, 404, 'ok', 404),
  'DELETE /tags/{uuid}': row(null, 401, 404, 404, 404, 'ok', 404),
  'GET /tags/{uuid}/drives': row(null, 401, 404, 404, 404, 'ok', 404),
  'GET /tags/{uuid}/drives/detail': row(null, 401, 404, 404, 404, 'ok', 404),
  'GET /tags/{uuid}/servers': row(null, 401, 404, 404, 404, 'ok', 404),
  'GET /tags/{uuid}/servers/detail': row(null, 401, 404, 404, 404, 'ok', 404),
  'GET /vlans': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /vlans/detail': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
  'GET /vlans/schema': row([], 401, 'ok', 'ok', 'ok', 'ok', 'ok'),
};

/**
 * The calls of the tus protocol. The uploads are of root; a holder of `velocity.media.remove` sees
 * and ends them.
 */
export const TUS_TABLE: Readonly<Record<string, RoleOutcomes>> = {
  'POST /uploads': row(['velocity.media.create'], 401, 403, 403, 403, 'ok', 'ok'),
  'HEAD /uploads/{id}': row(['velocity.media.remove'], 401, 404, 404, 404, 'ok', 'ok'),
  'PATCH /uploads/{id}': row(['velocity.media.remove'], 401, 404, 404, 404, 403, 'ok'),
  'DELETE /uploads/{id}': row(['velocity.media.remove'], 401, 404, 404, 404, 'ok', 'ok'),
};
