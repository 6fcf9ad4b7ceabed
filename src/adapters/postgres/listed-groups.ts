import type { GroupCursor } from '../../application/ports/group-repository.ts';
import type { Group } from '../../domain/access/group.ts';
import type { GroupId, UserId } from '../../domain/shared/ids.ts';
import type { Batch } from '../../domain/shared/page.ts';
import { MAX_BATCH_ITEMS } from './batches.ts';
import { withAllBelow } from './below-groups.ts';
import { GROUP_COLUMNS, toGroup, type GroupRow } from './group-row.ts';
import { firstRow, rows } from './query.ts';
import type { Binding, Session } from './session.ts';

/**
 * How many ids of a list are kept between batches: 256 KiB. A list of at most as many groups is
 * searched once.
 */
const MAX_AHEAD_IDS = 32_768;

/** A list of groups and their ancestors, as SQL. */
interface GroupList {
  /** Selects `id` and `path` of the listed groups. */
  readonly about: string;
  readonly bindings: readonly Binding[];
  /** Whether the list includes their descendants. */
  readonly below: boolean;
  /**
   * Condition: a row of `groups` is listed, and not only as an ancestor. Has the bindings of
   * `about`. Uses indexes only.
   */
  readonly isAbout: string;
}

/** The groups on which a user holds a grant, and their descendants. */
export function visibleTo(user: UserId): GroupList {
  return {
    about: 'select id, path from groups where id in (select group_id from grants where user_id = ?)',
    bindings: [user],
    below: true,
    isAbout: 'exists (select from grants where user_id = ? and group_id = any(groups.path))',
  };
}

/**
 * The groups on which a user holds a grant; with a viewer, only those on which it may view users.
 */
export function membershipsOf(user: UserId, viewer: UserId | null): GroupList {
  const isViewed = viewer === null ? '' : `and ${IS_VIEWED}`;
  return {
    about: `select id, path from groups where id in (select group_id from grants where user_id = ?) ${isViewed}`,
    bindings: viewer === null ? [user] : [user, viewer],
    below: false,
    isAbout: `exists (select from grants where user_id = ? and group_id = groups.id) ${isViewed}`,
  };
}

/** Condition: the user of its binding may view users on a row of `groups`. */
export const IS_VIEWED = `exists (
  select from grants as viewing
  where viewing.user_id = ? and viewing.permission = 'velocity.user.view' and viewing.group_id = any(groups.path)
)`;

/**
 * Returns the batch of a list after a cursor. The second search finds the ids of many further
 * groups, so that later batches need not search the whole list.
 */
export async function batchOfGroups(
  session: Session,
  list: GroupList,
  after: GroupCursor | null,
): Promise<Batch<Group, GroupCursor>> {
  if (after === null) {
    const items = await firstGroups(session, list);
    const last = items[MAX_BATCH_ITEMS - 1];
    return { items, last: last === undefined ? null : { id: last.id, ahead: [], isAll: false } };
  }
  const { ahead, isAll } = after.ahead.length > 0 || after.isAll ? after : await idsBehind(session, list, after.id);
  const ids = ahead.slice(0, MAX_BATCH_ITEMS);
  const id = ids.at(-1);
  if (id === undefined) return { items: [], last: null };
  const left = ahead.slice(MAX_BATCH_ITEMS);
  const last = left.length === 0 && isAll ? null : { id, ahead: left, isAll };
  return { items: await groupsOf(session, list, ids), last };
}

async function firstGroups(session: Session, list: GroupList): Promise<readonly Group[]> {
  const found = await rows<GroupRow>(session, searchOf(list, GROUP_COLUMNS, MAX_BATCH_ITEMS), searchBindings(list, -1));
  return found.map(toGroup);
}

async function idsBehind(session: Session, list: GroupList, id: GroupId): Promise<Omit<GroupCursor, 'id'>> {
  const row = await firstRow<{ readonly ids: string }>(
    session,
    `select coalesce(string_agg(id::text, ',' order by id), '') as ids from (${searchOf(list, 'id', MAX_AHEAD_IDS)}) as found`,
    searchBindings(list, id),
  );
  const ids = row === null || row.ids === '' ? [] : row.ids.split(',');
  return { ahead: ids.map((id) => Number(id) as GroupId), isAll: ids.length < MAX_AHEAD_IDS };
}

/** Returns the groups that still belong to the list, of those that a search found. */
async function groupsOf(
  session: Session,
  { about, bindings, isAbout }: GroupList,
  ids: readonly GroupId[],
): Promise<readonly Group[]> {
  // PostgreSQL computes the ancestors only when a row matches no other condition.
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

function searchBindings({ bindings, below }: GroupList, after: number): readonly Binding[] {
  return [...bindings, ...(below ? [after, after] : []), after];
}
