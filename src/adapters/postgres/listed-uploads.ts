import type { Viewer } from '../../domain/media/media-listing.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { ListedUpload } from '../../domain/uploads/upload-listing.ts';
import { momentOf } from './batches.ts';
import { KeysetList } from './keyset-list.ts';
import type { Session } from './session.ts';

const IS_REACHED = `(?::bigint[] is null or groups.path && ?::bigint[])`;
const OPEN = `select uploads.* from uploads join media on media.id = uploads.id and media.state = 'uploading'
    join groups on groups.id = media.group_id
    where uploads.state in ('open', 'verifying') and not imported and ${IS_REACHED}`;

/** SQL: the open uploads of a user, and those of groups in which it may remove media. */
const VISIBLE = `(
    ${OPEN} and creator = (select uuid from users where users.id = ?)
    union
    ${OPEN} and exists (
      select from grants
      where user_id = ? and permission = 'velocity.media.remove' and grants.group_id = any(groups.path)
    )
  ) as visible`;

const PAGES = new KeysetList<'created'>({
  // As JSON, so that numbers are numbers. `expires_at` is set whenever bytes become durable.
  columns: `json_build_object(
      'id', visible.id, 'name', name, 'group', group_id, 'pool', pool_id, 'length', length, 'offset', received,
      'state', state, 'created', ${momentOf('created_at')}, 'expires', ${momentOf('expires_at')},
      'lastActive', ${momentOf('greatest(created_at, expires_at - make_interval(secs => ?))')},
      'creator', (select json_build_object('id', users.id, 'name', users.name) from users where users.uuid = creator)
    ) as upload`,
  from: VISIBLE,
  where: 'true',
  sorts: { created: { column: 'created_at', type: 'timestamptz' } },
  id: { column: 'visible.id', type: 'uuid' },
});

/** Returns a page of the open uploads that a viewer sees. */
export async function pageOfUploads(
  session: Session,
  { id, reach }: Viewer,
  expirySeconds: number,
  terms: KeysetTerms<'created'>,
): Promise<KeysetPage<ListedUpload>> {
  const visible = [reach, reach, id, reach, reach, id];
  return PAGES.page(session, [expirySeconds, ...visible], terms, ({ upload }: { upload: ListedUpload }) => upload);
}
