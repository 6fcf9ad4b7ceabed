import type { Detached, LostRights } from '../../application/ports/server-repository.ts';
import { OPTICAL_TYPE } from '../../domain/media/label.ts';
import { HOLDING_PERMISSIONS, LISTING_PERMISSION } from '../../domain/servers/attachment-rules.ts';
import { ROOT_GROUP } from '../../domain/shared/ids.ts';
import { rows } from './query.ts';
import type { Session } from './session.ts';

const OWNER_HOLDS = `exists (select from grants
  where grants.user_id = users.id and grants.permission = any(?::text[]) and grants.group_id = any(groups.path))`;

/** Detaches media items that the owners of servers may no longer attach. */
export async function detachUnentitled(session: Session, lost: LostRights): Promise<readonly Detached[]> {
  const [scope, values] =
    'user' in lost
      ? ['users.id = ? and groups.path @> array[?::bigint]', [lost.user, lost.group]]
      : ['media.group_id = ? and media.pool_id = ?', [lost.group, lost.pool]];
  return rows<Detached>(
    session,
    `with detached as (
       delete from attachments using servers, users, media, groups
       where servers.id = attachments.server_id and users.uuid = servers.owner
         and media.id = attachments.media_id and groups.id = media.group_id and ${scope}
         and not exists (select from library_drives where library_drives.media_id = media.id)
         and not (${OWNER_HOLDS} and ${OWNER_HOLDS} and (groups.id = ${ROOT_GROUP} or exists (select from assignments
           where assignments.group_id = media.group_id and assignments.pool_id = media.pool_id
             and (assignments.can_write or media.type = ?))))
       returning attachments.server_id, attachments.media_id
     )
     select distinct server_id as server, media_id as media from detached order by server, media`,
    [...values, [LISTING_PERMISSION], HOLDING_PERMISSIONS, OPTICAL_TYPE],
  );
}
