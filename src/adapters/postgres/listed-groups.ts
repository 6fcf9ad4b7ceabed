import type { GroupCursor } from '../../application/ports/group-repository.ts';
import type { Group } from '../../domain/access/group.ts';
import type { GroupId, UserId } from '../../domain/shared/ids.ts';
import type { Batch } from '../../domain/shared/page.ts';
import { LISTED_AT_ONCE } from './batches.ts';
import { withAllBelow } from './below-groups.ts';
import { GROUP_COLUMNS, toGroup, type GroupRow } from './group-row.ts';
import { firstRow, rows } from './query.ts';
import type { Binding, Session } from './session.ts';

/**
 * So many ids a list keeps while its reader waits: 256 KiB. A list of as many groups is searched
 * once.
 */
const MAX_IDS = 32_768;

/** Groups with their ancestors, as SQL. */
interface GroupList {
  /** Selects `id` and `path` of the groups that a list is about. */
  readonly about: string;
  readonly bindings: readonly Binding[];
  /** Whether all groups below are in the list. */
  readonly below: boolean;
  /**
   * Whether a row of `groups` is in the list and no mere ancestor. Has the bindings of `about`.
   * Uses indexes alone.
   */
  readonly isAbout: string;
}

/** The groups that a user holds a grant on, and all below. */
export function visibleTo(user: UserId): GroupList {
  return {
    about: 'select id, path from groups where id in (select group_id from grants where user_id = ?)',
    bindings: [user],
    below: true,
    isAbout: 'exists (select from grants where user_id = ? and group_id = any(groups.path))',
  };
}

/** The groups that a user holds a grant on; for a viewer only those on which it may view users. */
export function membershipsOf(user: UserId, viewer: UserId | null): GroupList {
  const seen = viewer === null ? '' : `and ${IS_VIEWED}`;
  return {
    about: `select id, path from groups where id in (select group_id from grants where user_id = ?) ${seen}`,
    bindings: viewer === null ? [user] : [user, viewer],
    below: false,
    isAbout: `exists (select from grants where user_id = ? and group_id = groups.id) ${seen}`,
  };
}

/** Whether the user of its binding may view users on a row of `groups`. */
export const IS_VIEWED = `exists (
  select from grants as viewing
  where viewing.user_id = ? and viewing.permission = 'velocity.user.view' and viewing.group_id = any(groups.path)
)`;

/**
 * Reads a batch of a list behind a place. The first one is searched as it is. The search for the
 * second one finds the ids of many more, so that no batch searches the whole list anew.
 */
export async function batchOfGroups(
  session: Session,
  list: GroupList,
  after: GroupCursor | null,
): Promise<Batch<Group, GroupCursor>> {
  if (after === null) {
    const items = await firstGroups(session, list);
    const last = items[LISTED_AT_ONCE - 1];
    return { items, last: last === undefined ? null : { id: last.id, ahead: [], isAll: false } };
  }
  const { ahead, isAll } = after.ahead.length > 0 || after.isAll ? after : await idsBehind(session, list, after.id);
  const ids = ahead.slice(0, LISTED_AT_ONCE);
  const id = ids.at(-1);
  if (id === undefined) return { items: [], last: null };
  const left = ahead.slice(LISTED_AT_ONCE);
  const last = left.length === 0 && isAll ? null : { id, ahead: left, isAll };
  return { items: await groupsOf(session, list, ids), last };
}

async function firstGroups(session: Session, list: GroupList): Promise<readonly Group[]> {
  const found = await rows<GroupRow>(session, searchOf(list, GROUP_COLUMNS, LISTED_AT_ONCE), searched(list, -1));
  return found.map(toGroup);
}

async function idsBehind(session: Session, list: GroupList, id: GroupId): Promise<Omit<GroupCursor, 'id'>> {
  const row = await firstRow<{ readonly ids: string }>(
    session,
    `select coalesce(string_agg(id::text, ',' order by id), '') as ids from (${searchOf(list, 'id', MAX_IDS)}) as found`,
    searched(list, id),
  );
  const ids = row === null || row.ids === '' ? [] : row.ids.split(',');
  return { ahead: ids.map((id) => Number(id) as GroupId), isAll: ids.length < MAX_IDS };
}

/** Of groups that a search found, those that still belong to the list. */
async function groupsOf(
  session: Session,
  { about, bindings, isAbout }: GroupList,
  ids: readonly GroupId[],
): Promise<readonly Group[]> {
  // The ancestors are looked up only once a row is met that is there for no other reason.
  const found = await rows<GroupRow>(
    session,
    `with about as materialized (${about})
     select ${GROUP_COLUMNS} from groups
     where id = any(?::bigint[]) and ((${isAbout}) or id in (select unnest(about.path) from about))
     order by id`,
    [...bindings, ids, ...bindings],
  );
  return found.map(toGroup);
}

function searchOf({ about, below }: GroupList, columns: string, max: number): string {
  const withBelow = below ? `${withAllBelow(columns, 'id > ?')} union` : '';
  return `with about as materialized (${about})
    ${withBelow} select ${columns} from groups where id in (select unnest(about.path) from about) and id > ?
    order by id limit ${max}`;
}

function searched({ bindings, below }: GroupList, after: number): readonly Binding[] {
  return [...bindings, ...(below ? [after, after] : []), after];
}
