import type { CreateGroupFailure } from '../../../application/access/create-group.ts';
import type { CreateUserFailure } from '../../../application/access/create-user.ts';
import type { GrantPermissionFailure } from '../../../application/access/grant-permission.ts';
import type { ListUsersFailure } from '../../../application/access/list-users.ts';
import type { LogInFailure } from '../../../application/access/log-in.ts';
import type { RemoveGroupFailure } from '../../../application/access/remove-group.ts';
import type { RemoveUserFailure } from '../../../application/access/remove-user.ts';
import type { SetHomeGroupFailure } from '../../../application/access/set-home-group.ts';
import type { RotateAuthkeyFailure } from '../../../application/access/rotate-authkey.ts';
import type { RevokePermissionFailure } from '../../../application/access/revoke-permission.ts';
import type { ViewGroupFailure } from '../../../application/access/view-group.ts';
import type { ViewUserFailure } from '../../../application/access/view-user.ts';
import type { CreateMediaFailure } from '../../../application/media/create-media.ts';
import type { DownloadMediaFailure } from '../../../application/media/download-media.ts';
import type { ListMediaFailure } from '../../../application/media/list-media.ts';
import type { RemoveMediaFailure } from '../../../application/media/remove-media.ts';
import type { UploadMediaFailure } from '../../../application/media/upload-media.ts';
import type { AssignPoolFailure } from '../../../application/pools/assign-pool.ts';
import type { ListPoolsFailure } from '../../../application/pools/list-pools.ts';
import type { RevokePoolFailure } from '../../../application/pools/revoke-pool.ts';

/** Every call of this dialect, with the failures of its use case. */
export interface OperationFailures {
  'POST /u/auth': LogInFailure;
  'PATCH /u/auth': RotateAuthkeyFailure;
  'DELETE /u/auth': never;
  'POST /u/user': ViewUserFailure;
  'PUT /u/user': CreateUserFailure;
  'PATCH /u/user': SetHomeGroupFailure;
  'DELETE /u/user': RemoveUserFailure;
  'POST /u/user/list': ListUsersFailure;
  'PUT /u/user/permission': GrantPermissionFailure;
  'DELETE /u/user/permission': RevokePermissionFailure;
  'POST /u/group': ViewGroupFailure;
  'PUT /u/group': CreateGroupFailure;
  'DELETE /u/group': RemoveGroupFailure;
  'POST /u/group/list': never;
  'PUT /m/pool/assign': AssignPoolFailure;
  'DELETE /m/pool/assign': RevokePoolFailure;
  'POST /m/pool/list': ListPoolsFailure;
  'PUT /m/media/create': CreateMediaFailure;
  'PUT /m/media/upload': UploadMediaFailure;
  'DELETE /m/media': RemoveMediaFailure;
  'POST /m/media/list': ListMediaFailure;
  'GET /m/media/{mid}/content': DownloadMediaFailure;
  'POST /v/vm/list': never;
  'POST /v/nic/list': never;
}

export type Operation = keyof OperationFailures;
