import { isSearch, type MediaFilter, type MediaSort, type Viewer } from '../../domain/media/media-listing.ts';
import { ROOT_GROUP, type MediaId } from '../../domain/shared/ids.ts';
import { foldCase } from '../../domain/shared/fold-case.ts';
import { MAX_COUNTED, type KeysetTerms } from '../../domain/shared/keyset.ts';
import { momentOf } from './batches.ts';
import { withAllBelow } from './below-groups.ts';
import type { Binding } from './session.ts';

/** SQL of one sort key: its column, its type, and bounds that lie outside of all its values. */
interface Key {
  readonly column: string;
  readonly type: string;
  readonly lowest: string | number;
  readonly highest: string | number;
}

const HIGHEST_CHARACTER = '\u{10FFFF}';
/** No name has so many bytes. */
const BEYOND_NAMES = HIGHEST_CHARACTER.repeat(64);

const KEYS: Readonly<Record<MediaSort, Key>> = {
  created: { column: 'created_at', type: 'timestamptz', lowest: '-infinity', highest: 'infinity' },
  name: { column: 'name', type: 'text', lowest: '', highest: BEYOND_NAMES },
  size: { column: 'size', type: 'bigint', lowest: -1, highest: Number.MAX_SAFE_INTEGER },
};

const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Condition: the credentials of the viewer reach a row of `groups`. */
const IS_REACHED = `(?::bigint[] is null or groups.path && ?::bigint[])`;

/** Condition: a group is one of `about`, or lies below one. */
const IS_BELOW = `exists (select from unnest(path) as above (id) where above.id in (select id from about))`;

/**
 * SQL: the common table expression `placements`, groups that the caller may list each with a pool
 * in which their items are visible. Its bindings: `placementBindings`.
 */
const PLACEMENTS = `about as materialized (
    select group_id as id from grants where user_id = ? and permission = 'velocity.media.list'
  ), listed as (
    ${withAllBelow('id', `?::bigint is null and ${IS_REACHED}`)}
    union all select id from groups where id = ?::bigint and not ?::boolean and ${IS_BELOW} and ${IS_REACHED}
    union all select id from groups where ?::boolean and path @> array[?::bigint] and ${IS_BELOW} and ${IS_REACHED}
  ), placements as materialized (
    select group_id, pool_id from assignments join listed on listed.id = group_id
    where group_id <> ${ROOT_GROUP} and (?::bigint is null or pool_id = ?)
    union all select listed.id, pools.id from listed cross join pools
    where listed.id = ${ROOT_GROUP} and (?::bigint is null or pools.id = ?)
  )`;

function placementBindings({ id, reach }: Viewer, { group, subtree, pool }: MediaFilter): readonly Binding[] {
  const reached = [reach, reach];
  const groups = [group, ...reached, group, ...reached, group, subtree, ...reached, subtree, group, ...reached];
  return [id, ...groups, pool, pool, pool, pool];
}

/** Library drives belong to the root group and are no items of it. */
const IS_VISIBLE = `(media.group_id <> ${ROOT_GROUP}
  or not exists (select from library_drives where library_drives.media_id = media.id))`;

/** Condition: the digest of all bytes of an item is known, and that of its blob. */
const HAS_WHOLE_DIGEST = `blobs.stored_bytes = media.size and (media.readonly or blobs.fingerprint is null)`;

/** States in which few items are. */
const UNFINISHED = `'creating', 'uploading', 'cloning', 'resizing'`;

const MATCHES = `(?::text is null or media.format = ?)
  and (?::text is null or strpos(coalesce(media.folded_name, media.name), ?) > 0)
  and (?::text is null or media.state = ?)`;

function matchBindings({ format, text, state }: MediaFilter): readonly Binding[] {
  const folded = text === null ? null : foldCase(text);
  return [format, format, folded, folded, state, state];
}

/** SQL: the columns of a listed item. */
const LISTED = `media.id, media.group_id as "group", media.pool_id as pool, media.name, media.type, media.size,
  blobs.stored_bytes as "storedBytes", media.readonly or assignments.can_write is false as "readOnly", media.state,
  case when ${HAS_WHOLE_DIGEST} then encode(blobs.sha256, 'hex') end as sha256,
  media.format, media.virtual_size as "virtualSize", media.label, media.encrypted, ${momentOf('media.created_at')} as created,
  case when users.id is not null then json_build_object('id', users.id, 'name', users.name) end as creator,
  exists (select from attachments where attachments.media_id = media.id) as "inUse", media.protected`;
const WITH_DETAILS = `media join blobs on blobs.id = media.blob_id
  left join assignments on assignments.group_id = media.group_id and assignments.pool_id = media.pool_id
  left join users on users.uuid = media.created_by`;
/** SQL: selects listed items; without a condition. */
const ITEM = `select ${LISTED} from ${WITH_DETAILS}`;
/** The longest list of servers, or of clones, of an item. */
const MAX_RELATED = 100;

const MAY_LIST = (group: string): string => `exists (
  select from grants where user_id = viewer.id and permission = 'velocity.media.list' and group_id = any(${group}.path)
) and (viewer.reach is null or ${group}.path && viewer.reach)`;

/** SQL: an item with everything that a user sees of it. */
const ITEM_DETAILS = `select ${LISTED}, media.description, media.provenance as kind, media.source_media as source,
    media.source_url as url, media.source_checksum as checksum, media.channel,
    (select coalesce(json_agg(json_build_object('id', tags.id, 'name', tags.name) order by tags.created_at, tags.id), '[]')
     from media_tags join tags on tags.id = tag_id where media_tags.media_id = media.id and tags.owner = viewer.uuid) as tags,
    (select count(distinct server_id)::integer from attachments where attachments.media_id = media.id) as "serverCount",
    (select coalesce(json_agg(json_build_object('id', own.id, 'name', own.name) order by own.created_at, own.id), '[]')
     from (
       select servers.id, servers.name, servers.created_at from servers
       where owner = viewer.uuid and servers.id in (select server_id from attachments where attachments.media_id = media.id)
       order by servers.created_at, servers.id limit ${MAX_RELATED}
     ) as own) as servers,
    (select coalesce(json_agg(clone.id order by clone.created_at, clone.id), '[]')
     from (
       select clone.id, clone.created_at from media as clone join groups as owning on owning.id = clone.group_id
       where clone.source_media = media.id and ${MAY_LIST('owning')} and (clone.group_id = ${ROOT_GROUP} or exists (
         select from assignments where assignments.group_id = clone.group_id and assignments.pool_id = clone.pool_id))
       order by clone.created_at, clone.id limit ${MAX_RELATED}
     ) as clone) as clones,
    case when scrubbed_at > '-infinity' and damage is null and blobs.sha256 is not null
      then ${momentOf('scrubbed_at')} end as verified, damage is not null as damaged
  from ${WITH_DETAILS} join groups on groups.id = media.group_id
    cross join (select users.id, users.uuid, ?::bigint[] as reach from users where users.id = ?) as viewer
  where media.id = ? and ${IS_VISIBLE} and ${MAY_LIST('groups')}
    and (media.group_id = ${ROOT_GROUP} or assignments.can_write is not null)`;

/**
 * How the items of a list are found: along the index of the sort key; likewise, with the conditions
 * of a search; or, where only few items can match, all of those.
 */
type Access = 'sorted' | 'searched' | 'few';

/**
 * SQL: the items with a digest, or in a state that few items are in. Its bindings: `fewBindings`.
 */
const FEW = `few as materialized (
    select media.* from blobs join media on media.blob_id = blobs.id
    where blobs.sha256 = decode(?, 'hex') and ${HAS_WHOLE_DIGEST}
    union all
    select media.* from media where ?::text is null and state = ? and state in (${UNFINISHED}) and group_id is not null
  )`;

function fewBindings({ sha256, state }: MediaFilter): readonly Binding[] {
  return [sha256, sha256, state];
}

/**
 * SQL: the first page of items behind a position, in this order. Of many placements it reads only
 * those whose first items come first. Its bindings: `pageBindings`.
 */
function pageSql(sort: MediaSort, isDescending: boolean, access: Access): string {
  const { column, type } = KEYS[sort];
  const [direction, beyond] = isDescending ? ['desc', '<'] : ['asc', '>'];
  const itemsIn = (placement: string, hasType: string): string =>
    `(select media.id, media.${column} as key from ${access === 'few' ? 'few as media' : 'media'}
      where media.group_id = ${placement}.group_id and media.pool_id = ${placement}.pool_id and ${hasType}
        and ${IS_VISIBLE} and ${access === 'sorted' ? 'true' : MATCHES}
        and (media.${column}, media.id) ${beyond} (?::${type}, ?::uuid)
      order by media.${column} ${direction}, media.id ${direction} limit ?)`;
  const next = (placement: string): string =>
    `${itemsIn(placement, '?::text is null')} union all ${itemsIn(placement, 'media.type = ?')}`;
  return `with ${PLACEMENTS}${access === 'few' ? `, ${FEW}` : ''}, nearest as (
      select placements.group_id, placements.pool_id from placements cross join lateral (${next('placements')}) as head
      order by head.key ${direction}, head.id ${direction} limit ?
    ), page as (
      select item.id, item.key from nearest cross join lateral (${next('nearest')}) as item
      order by item.key ${direction}, item.id ${direction} limit ?
    )
    select coalesce(json_agg(listed), '[]') as listed from (
      select item.* from page cross join lateral (${ITEM} where media.id = page.id limit 1) as item
      order by page.key ${direction}, page.id ${direction}
    ) as listed`;
}

/** Returns the statement of an item with everything that a user sees of it, as one JSON value. */
export function itemStatement({ id: user, reach }: Viewer, id: MediaId): BoundStatement {
  return [ITEM_STATEMENT, [reach, user, id]];
}

const ITEM_STATEMENT = `select row_to_json(item) as item from (${ITEM_DETAILS}) as item`;

const ORDERS = (Object.keys(KEYS) as MediaSort[]).flatMap((sort) =>
  [true, false].map((isDescending) => ({ sort, isDescending })),
);
/** One statement for each order and access. */
const PAGES: ReadonlyMap<string, string> = new Map(
  ORDERS.flatMap(({ sort, isDescending }) =>
    (['sorted', 'searched', 'few'] as const).map((access) => [
      nameOf(sort, isDescending, access),
      pageSql(sort, isDescending, access),
    ]),
  ),
);

function nameOf(sort: MediaSort, isDescending: boolean, access: Access): string {
  return JSON.stringify([sort, isDescending, access]);
}

function accessOf(filter: MediaFilter): Access {
  const { sha256, state } = filter;
  if (sha256 !== null || (state !== null && state !== 'ready')) return 'few';
  return isSearch(filter) ? 'searched' : 'sorted';
}

/** A statement and its bindings. */
export type BoundStatement = readonly [sql: string, bindings: readonly Binding[]];

/** Returns the statement of a page; it finds one item more than the page has, if there is one. */
export function pageStatement(
  viewer: Viewer,
  filter: MediaFilter,
  { sort, isDescending, limit, after }: KeysetTerms<MediaSort>,
): BoundStatement {
  const access = accessOf(filter);
  const sql = PAGES.get(nameOf(sort, isDescending, access));
  if (sql === undefined) throw new Error(`there is no list by ${sort}`);
  const { lowest, highest } = KEYS[sort];
  const from = after ?? (isDescending ? { value: highest, id: HIGHEST_ID } : { value: lowest, id: LOWEST_ID });
  const nextBindings = (max: number): readonly Binding[] => {
    const rest = [...(access === 'sorted' ? [] : matchBindings(filter)), from.value, from.id, max];
    return [filter.type, ...rest, filter.type, ...rest];
  };
  const max = limit + 1;
  const bindings = [...placementBindings(viewer, filter), ...(access === 'few' ? fewBindings(filter) : [])];
  return [sql, [...bindings, ...nextBindings(1), max, ...nextBindings(max), max]];
}

const countSql = (access: Access): string => `with ${PLACEMENTS}${access === 'few' ? `, ${FEW}` : ''}
  select count(*) as total from (
    select from placements cross join lateral (
      select from ${access === 'few' ? 'few as media' : 'media'}
      where media.group_id = placements.group_id and media.pool_id = placements.pool_id
        and ${IS_VISIBLE} and (?::text is null or media.type = ?) and ${MATCHES}
    ) as item limit ${MAX_COUNTED}
  ) as counted`;
const COUNTS = { searched: countSql('searched'), few: countSql('few') } as const;

/** Returns the statement that counts the items of a list, up to `MAX_COUNTED`. */
export function countStatement(viewer: Viewer, filter: MediaFilter): BoundStatement {
  const access = accessOf(filter) === 'few' ? 'few' : 'searched';
  const few = access === 'few' ? fewBindings(filter) : [];
  const bindings = [...placementBindings(viewer, filter), ...few, filter.type, filter.type, ...matchBindings(filter)];
  return [COUNTS[access], bindings];
}
