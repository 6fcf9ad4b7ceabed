import {
  OPERATOR,
  type Giver,
  type Grantee,
  type GrantRepository,
  type Holder,
  type NamedGrant,
} from '../../application/ports/grant-repository.ts';
import type { Grant } from '../../domain/access/grant.ts';
import { findPermission, type Permission } from '../../domain/access/permission.ts';
import type { GroupId, UserId } from '../../domain/shared/ids.ts';
import type { UserSort } from '../../domain/access/user-sort.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { Batch } from '../../domain/shared/page.ts';
import { MAX_BATCH_ITEMS } from './batches.ts';
import { IS_VIEWED } from './listed-groups.ts';
import { KeysetList } from './keyset-list.ts';
import { firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';

interface GrantRow {
  readonly user_id: string;
  readonly group_id: string;
  readonly permission: string;
}

interface GranteeRow {
  readonly id: string;
  readonly name: string;
  /** Each the permission and the group, with a space between. */
  readonly grants: readonly string[];
}

interface HolderRow {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
}

const MEMBERS = new KeysetList<UserSort>({
  columns: `users.id, users.name, array(
    select permission from grants where grants.user_id = users.id and grants.group_id = held.group_id order by permission
  ) as permissions`,
  from: '(select distinct user_id, group_id from grants) as held join users on users.id = held.user_id',
  where: 'held.group_id = ?',
  sorts: { created: { column: 'users.id', type: 'bigint' }, name: { column: 'users.name', type: 'text' } },
  id: { column: 'users.id', type: 'bigint' },
});

/** Users with grants on the groups of a path. */
const GRANTEES = new KeysetList<UserSort>({
  columns: `users.id, users.name, array(
    select permission || ' ' || group_id from grants
    where grants.user_id = users.id and group_id = any(asked.path) order by array_position(asked.path, group_id)
  ) as grants`,
  from: `(select ?::bigint[] as path) as asked
    cross join lateral (select distinct user_id from grants where group_id = any(asked.path)) as held
    join users on users.id = held.user_id`,
  where: 'true',
  sorts: { created: { column: 'users.id', type: 'bigint' }, name: { column: 'users.name', type: 'text' } },
  id: { column: 'users.id', type: 'bigint' },
});

/** Stores grants in PostgreSQL. Ignores rows with a permission that this version does not know. */
export class PostgresGrants implements GrantRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async holds(user: UserId, permission: Permission, groups: readonly GroupId[]): Promise<boolean> {
    const row = await firstRow(
      this.#session,
      'select 1 from grants where user_id = ? and permission = ? and group_id = any(?::bigint[]) limit 1',
      [user, permission, groups],
    );
    return row !== null;
  }

  async lockShared(
    user: UserId,
    permissions: readonly Permission[],
    groups: readonly GroupId[],
  ): Promise<ReadonlySet<Permission>> {
    const found = await rows<{ readonly permission: Permission }>(
      this.#session,
      `select permission from grants
       where user_id = ? and permission = any(?::text[]) and group_id = any(?::bigint[]) for key share`,
      [user, permissions, groups],
    );
    return new Set(found.map(({ permission }) => permission));
  }

  async holdsAnywhere(user: UserId, permission: Permission): Promise<boolean> {
    const row = await firstRow(this.#session, 'select 1 from grants where user_id = ? and permission = ? limit 1', [
      user,
      permission,
    ]);
    return row !== null;
  }

  async grant(grant: Grant, giver: Giver = OPERATOR): Promise<void> {
    await touch(
      this.#session,
      `insert into grants (user_id, group_id, permission, given_by, given_at, decides_home)
       values (?, ?, ?, ?, clock_timestamp(), ?)
       on conflict (user_id, permission, group_id) do update
       set given_by = excluded.given_by, given_at = excluded.given_at, decides_home = true
       where excluded.decides_home and not grants.decides_home`,
      [grant.user, grant.group, grant.permission, giver.user, giver.decidesHome],
    );
  }

  async revoke(grant: Grant): Promise<void> {
    await touch(this.#session, 'delete from grants where user_id = ? and group_id = ? and permission = ?', [
      grant.user,
      grant.group,
      grant.permission,
    ]);
  }

  async ofUser(user: UserId): Promise<readonly Grant[]> {
    const found = await rows<GrantRow>(
      this.#session,
      'select user_id, group_id, permission from grants where user_id = ?',
      [user],
    );
    return found.flatMap(toGrant).sort((a, b) => a.group - b.group || byNumber(a, b));
  }

  async onGroups(user: UserId, groups: readonly GroupId[], viewer: UserId | null = null): Promise<readonly Grant[]> {
    const found = await rows<GrantRow>(
      this.#session,
      `select user_id, group_id, permission from grants ${viewer === null ? '' : 'join groups on groups.id = group_id'}
       where user_id = ? and group_id = any(?::bigint[]) ${viewer === null ? '' : `and ${IS_VIEWED}`}`,
      viewer === null ? [user, groups] : [user, groups, viewer],
    );
    return found.flatMap(toGrant).sort((a, b) => a.group - b.group || byNumber(a, b));
  }

  async membersPage(group: GroupId, terms: KeysetTerms<UserSort>): Promise<KeysetPage<Holder>> {
    return MEMBERS.page(this.#session, [group], terms, toHolder);
  }

  async granteesPage(path: readonly GroupId[], terms: KeysetTerms<UserSort>): Promise<KeysetPage<Grantee>> {
    return GRANTEES.page(this.#session, [path], terms, toGrantee);
  }

  async onGroup(group: GroupId, after: UserId | null = null): Promise<Batch<NamedGrant, UserId>> {
    const found = await rows<GrantRow & { readonly user_name: string }>(
      this.#session,
      `select user_id, group_id, permission, users.name as user_name
       from grants join users on users.id = user_id
       where group_id = ? and user_id in (
         select distinct user_id from grants where group_id = ? and user_id > ? order by user_id limit ${MAX_BATCH_ITEMS}
       )`,
      [group, group, after ?? -1],
    );
    const users = new Set(found.map((row) => Number(row.user_id) as UserId));
    const items = found
      .flatMap((row) => toGrant(row).map((grant) => ({ ...grant, userName: row.user_name })))
      .sort((a, b) => a.user - b.user || byNumber(a, b));
    return { items, last: users.size < MAX_BATCH_ITEMS ? null : (Math.max(...users) as UserId) };
  }
}

function toGrantee({ id, name, grants }: GranteeRow): Grantee {
  const user = Number(id) as UserId;
  const found = grants.flatMap((grant) => {
    const [permission = '', group = ''] = grant.split(' ');
    return toGrant({ user_id: id, permission, group_id: group });
  });
  return { id: user, name, grants: found.sort(byNumber).map(({ permission, group }) => ({ permission, group })) };
}

function toHolder({ id, name, permissions }: HolderRow): Holder {
  const known = permissions.map((permission) => findPermission(permission)?.name ?? null);
  return { id: Number(id) as UserId, name, permissions: known.filter((permission) => permission !== null) };
}

function toGrant(row: GrantRow): Grant[] {
  const permission = findPermission(row.permission)?.name;
  if (permission === undefined) return [];
  return [{ user: Number(row.user_id) as UserId, group: Number(row.group_id) as GroupId, permission }];
}

function byNumber(a: Grant, b: Grant): number {
  return numberOf(a) - numberOf(b);
}

function numberOf(grant: Grant): number {
  return findPermission(grant.permission)?.number ?? 0;
}
