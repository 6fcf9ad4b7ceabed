import { ROOT_GROUP, type GroupId, type UserId } from '../../domain/shared/ids.ts';
import { withAllBelow } from './below-groups.ts';
import { rows } from './query.ts';
import type { Session } from './session.ts';

/** Joins media with the assignment of their group. */
export const WITH_ASSIGNMENT = `left join assignments using (group_id, pool_id)`;

/**
 * Condition: a media item, joined with `WITH_ASSIGNMENT`, is visible to a caller who may list the
 * groups of its binding. Excludes library drives (docs/cloudsigma.md#who-may-what).
 */
export const VISIBLE = `media.group_id = any(?::bigint[]) and (media.group_id = ${ROOT_GROUP} or can_write is not null)
  and not exists (select from library_drives where library_drives.media_id = media.id)`;

/**
 * Selects the ids of the groups on which the user of its binding holds `velocity.media.list`,
 * directly or through an ancestor.
 */
export const LISTED_GROUPS = `with about as materialized (
    select group_id as id from grants where user_id = ? and permission = 'velocity.media.list'
  ) ${withAllBelow('id')}`;

/**
 * Returns the groups on which a user holds `velocity.media.list`, directly or through an ancestor.
 */
export async function groupsListedBy(session: Session, user: UserId): Promise<readonly GroupId[]> {
  const found = await rows<{ id: string }>(session, LISTED_GROUPS, [user]);
  return found.map(({ id }) => Number(id) as GroupId);
}
