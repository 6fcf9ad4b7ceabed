import type { GroupCursor, GroupRepository } from '../../application/ports/group-repository.ts';
import type { Group } from '../../domain/access/group.ts';
import type { Permission } from '../../domain/access/permission.ts';
import { ROOT_GROUP, type GroupId, type UserId } from '../../domain/shared/ids.ts';
import type { GroupSort } from '../../domain/access/group-sort.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { Batch } from '../../domain/shared/page.ts';
import { GROUP_COLUMNS, toGroup, type GroupRow } from './group-row.ts';
import { isHomeOf } from './home-group.ts';
import { batchOfGroups, membershipsOf, visibleTo } from './listed-groups.ts';
import { KeysetList } from './keyset-list.ts';
import { firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';

/**
 * Condition: the user of its two bindings sees a group: holds a grant on it, above it or below it.
 */
const IS_VISIBLE = `(exists (select from grants where user_id = ? and group_id = any(groups.path))
  or groups.id in (
    select unnest(below.path) from grants join groups as below on below.id = grants.group_id where user_id = ?
  ))`;

const GROUP_LIST = {
  columns: GROUP_COLUMNS,
  from: 'groups',
  sorts: { created: { column: 'id', type: 'bigint' }, name: { column: 'name', type: 'text' } },
  id: { column: 'id', type: 'bigint' },
} as const;

const VISIBLE_GROUPS = new KeysetList<GroupSort>({ ...GROUP_LIST, where: IS_VISIBLE });
const VISIBLE_CHILDREN = new KeysetList<GroupSort>({
  ...GROUP_LIST,
  where: `${IS_VISIBLE} and parent_id = ? and id <> ${ROOT_GROUP}`,
});

/**
 * Stores the tree of groups in PostgreSQL. Paths never change, so queries use them instead of
 * walking the tree.
 */
export class PostgresGroups implements GroupRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async find(id: GroupId): Promise<Group | null> {
    const row = await firstRow<GroupRow>(this.#session, `select ${GROUP_COLUMNS} from groups where id = ?`, [id]);
    return row && toGroup(row);
  }

  async findFor(
    user: UserId,
    permission: Permission,
    id: GroupId,
  ): Promise<{ readonly group: Group | null; readonly holds: boolean }> {
    const row = await firstRow<{ [Column in keyof GroupRow]: GroupRow[Column] | null } & { readonly holds: boolean }>(
      this.#session,
      `select ${GROUP_COLUMNS}, exists (
         select from grants where user_id = ? and permission = ? and group_id = any(coalesce(path, '{${ROOT_GROUP}}'))
       ) as holds
       from (select ?::bigint as wanted) as asked left join groups on id = wanted`,
      [user, permission, id],
    );
    const group = row === null || row.id === null ? null : toGroup(row as GroupRow);
    return { group, holds: row?.holds === true };
  }

  async lockShared(id: GroupId): Promise<Group | null> {
    const row = await firstRow<GroupRow>(
      this.#session,
      `select ${GROUP_COLUMNS} from groups where id = ? for key share`,
      [id],
    );
    return row && toGroup(row);
  }

  async findVisible(user: UserId, id: GroupId): Promise<Group | null> {
    const row = await firstRow<GroupRow>(
      this.#session,
      `select ${GROUP_COLUMNS} from groups where ${IS_VISIBLE} and id = ?`,
      [user, user, id],
    );
    return row && toGroup(row);
  }

  async visiblePage(user: UserId, parent: GroupId | null, terms: KeysetTerms<GroupSort>): Promise<KeysetPage<Group>> {
    return parent === null
      ? VISIBLE_GROUPS.page(this.#session, [user, user], terms, toGroup)
      : VISIBLE_CHILDREN.page(this.#session, [user, user, parent], terms, toGroup);
  }

  async lock(id: GroupId): Promise<Group | null> {
    const row = await firstRow<GroupRow>(
      this.#session,
      `select ${GROUP_COLUMNS} from groups where id = ? for no key update`,
      [id],
    );
    return row && toGroup(row);
  }

  async rename(id: GroupId, name: string): Promise<void> {
    await touch(this.#session, 'update groups set name = ? where id = ?', [name, id]);
  }

  async insert(parent: Group, name: string): Promise<Group> {
    const [row] = await rows<GroupRow>(
      this.#session,
      `insert into groups (id, parent_id, name, path)
       select id, ?, ?, ?::bigint[] || id from nextval(pg_get_serial_sequence('groups', 'id')) as fresh (id)
       returning ${GROUP_COLUMNS}`,
      [parent.id, name, parent.path],
    );
    if (row === undefined) throw new Error('the insert of a group returned no row');
    return toGroup(row);
  }

  async lockTree(id: GroupId): Promise<readonly GroupId[]> {
    // A statement sees only rows committed before it began. A transaction that creates a group
    // below one of these holds a shared lock on the parent until its commit. So the lock on the
    // parent waits for it, and the next statement sees the new group. Once a statement finds only
    // rows that were locked before it began, no group can be added.
    for (let locked: readonly GroupId[] = []; ;) {
      const found = await this.#lockBelow(id);
      if (found.length === locked.length) return found;
      locked = found;
    }
  }

  async remove(ids: readonly GroupId[]): Promise<void> {
    await touch(this.#session, 'delete from groups where id = any(?::bigint[])', [ids]);
  }

  async homeOf(user: UserId): Promise<Group | null> {
    const row = await firstRow<GroupRow>(this.#session, `select ${GROUP_COLUMNS} from groups where ${isHomeOf('?')}`, [
      user,
      user,
      user,
    ]);
    return row && toGroup(row);
  }

  async isOnlyAncestor(user: UserId, group: Group): Promise<boolean> {
    const row = await firstRow<{ above: boolean; below: boolean }>(
      this.#session,
      `select coalesce(bool_or(group_id = any(?::bigint[])), false) as above, coalesce(bool_or(path @> array[?::bigint]), false) as below
       from grants join groups on groups.id = group_id where user_id = ?`,
      [group.path, group.id, user],
    );
    return row !== null && row.below && !row.above;
  }

  async listVisible(user: UserId, after: GroupCursor | null = null): Promise<Batch<Group, GroupCursor>> {
    return batchOfGroups(this.#session, visibleTo(user), after);
  }

  async listMemberships(
    user: UserId,
    viewer: UserId | null,
    after: GroupCursor | null = null,
  ): Promise<Batch<Group, GroupCursor>> {
    return batchOfGroups(this.#session, membershipsOf(user, viewer), after);
  }

  /** Locks from the top down: a parent's id is smaller than its children's. */
  async #lockBelow(id: GroupId): Promise<readonly GroupId[]> {
    const found = await rows<{ readonly id: string }>(
      this.#session,
      'select id from groups where path @> array[?::bigint] order by id for update',
      [id],
    );
    return found.map((row) => Number(row.id) as GroupId);
  }
}
