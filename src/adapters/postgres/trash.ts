import type { TrashRepository } from '../../application/ports/trash-repository.ts';
import type { Permission } from '../../domain/access/permission.ts';
import type { TrashFilter, TrashSort } from '../../domain/media/trash-filter.ts';
import type { TrashedMedia } from '../../domain/media/trashed-media.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { foldCase } from '../../domain/shared/fold-case.ts';
import {
  ROOT_GROUP,
  type GroupId,
  type MediaId,
  type PoolId,
  type UserId,
  type UserUuid,
} from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import { KeysetList } from './keyset-list.ts';
import { mediaFrom, MEDIA_COLUMNS, type MediaRow } from './media-row.ts';
import { firstRow, rows, touch } from './query.ts';
import type { Binding, Session } from './session.ts';

type TrashRow = MediaRow & {
  readonly charged_to: string;
  readonly trashed_at: Date;
  readonly trashed_by: UserUuid;
};

const COLUMNS = `${MEDIA_COLUMNS}, charged_to, trashed_at, trashed_by`;
/** Its binding is a number of seconds. */
const TRASHED_BEFORE = `trashed_at <= clock_timestamp() - make_interval(secs => ?)`;

/**
 * Condition: the filter means a row of `groups`, and a user holds a permission on it. Its bindings
 * are those of the filter, the user and the permission.
 */
const IS_MEANT = `(?::bigint is null or groups.id = ? or (? and path @> array[?::bigint]))
  and exists (select from grants where grants.user_id = ? and permission = ? and grants.group_id = any(path))`;

function filterBindings({ group, subtree }: TrashFilter): readonly Binding[] {
  return [group, group, subtree, group];
}

const LIST = new KeysetList<TrashSort>({
  columns: MEDIA_COLUMNS.split(', ')
    .map((name) => `media.${name}`)
    .concat('charged_to', 'trashed_at', 'trashed_by')
    .join(', '),
  from: `media join groups on groups.id = charged_to`,
  where: `state = 'trashed' and ${IS_MEANT}
    and (charged_to = ${ROOT_GROUP} or exists (select from assignments where assignments.group_id = charged_to and assignments.pool_id = media.pool_id))`,
  sorts: {
    trashed: { column: 'trashed_at', type: 'timestamptz' },
    name: { column: 'media.name', type: 'text' },
    size: { column: 'size', type: 'bigint' },
  },
  id: { column: 'media.id', type: 'uuid' },
});

/** Stores in PostgreSQL which items are in the trash. */
export class PostgresTrash implements TrashRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async add(id: MediaId, by: UserUuid): Promise<void> {
    await touch(
      this.#session,
      `update media set state = 'trashed', charged_to = group_id, group_id = null, trashed_at = clock_timestamp(), trashed_by = ?
       where id = ? and state = 'ready'`,
      [by, id],
    );
  }

  async find(id: MediaId): Promise<TrashedMedia | null> {
    return this.#one(`select ${COLUMNS} from media where id = ? and state = 'trashed'`, id);
  }

  async lock(id: MediaId): Promise<TrashedMedia | null> {
    return this.#one(`select ${COLUMNS} from media where id = ? and state = 'trashed' for update`, id);
  }

  async restore(id: MediaId, name: string): Promise<void> {
    await touch(
      this.#session,
      `update media set state = 'ready', group_id = charged_to, charged_to = null, trashed_at = null, trashed_by = null,
         name = ?, folded_name = ? where id = ? and state = 'trashed'`,
      [name, foldCase(name), id],
    );
  }

  async groupsWith(seconds: number, max: number): Promise<readonly GroupId[]> {
    const found = await rows<{ id: string }>(
      this.#session,
      `select distinct charged_to as id from media where state = 'trashed' and ${TRASHED_BEFORE} order by id limit ?`,
      [seconds, max],
    );
    return found.map(({ id }) => Number(id) as GroupId);
  }

  async page(user: UserId, filter: TrashFilter, terms: KeysetTerms<TrashSort>): Promise<KeysetPage<TrashedMedia>> {
    return LIST.page(this.#session, [...filterBindings(filter), user, 'velocity.media.list'], terms, trashedFrom);
  }

  async groupsFor(user: UserId, permission: Permission, filter: TrashFilter): Promise<readonly GroupId[]> {
    const found = await rows<{ id: string }>(
      this.#session,
      `select id from groups
       where exists (select from media where charged_to = groups.id and state = 'trashed') and ${IS_MEANT} order by id`,
      [...filterBindings(filter), user, permission],
    );
    return found.map(({ id }) => Number(id) as GroupId);
  }

  async lockIn(
    group: GroupId,
    pools: readonly PoolId[],
    seconds: number,
    max: number,
  ): Promise<readonly TrashedMedia[]> {
    const found = await rows<TrashRow>(
      this.#session,
      `select ${COLUMNS} from media
       where charged_to = ? and pool_id = any(?::bigint[]) and state = 'trashed' and ${TRASHED_BEFORE}
       order by id limit ? for update`,
      [group, pools, seconds, max],
    );
    return found.map(trashedFrom);
  }

  async countIn(group: GroupId, pools: readonly PoolId[]): Promise<number> {
    const row = await firstRow<{ count: string }>(
      this.#session,
      `select count(*) as count from media where charged_to = ? and pool_id = any(?::bigint[]) and state = 'trashed'`,
      [group, pools],
    );
    return Number(row?.count ?? 0);
  }

  async lockOldest(group: GroupId, pool: PoolId, needed: Bytes, max: number): Promise<readonly TrashedMedia[]> {
    // Items of 0 bytes stay: they free nothing.
    const found = await rows<TrashRow>(
      this.#session,
      `select ${COLUMNS} from media where state = 'trashed' and id in (
         select id from (
           select id, sum(size) over (order by trashed_at, id) - size as before from media
           where charged_to = ? and pool_id = ? and state = 'trashed' and size > 0
         ) as oldest where before < ? order by before limit ?
       ) order by trashed_at, id for update`,
      [group, pool, needed, max],
    );
    return found.map(trashedFrom);
  }

  async #one(sql: string, id: MediaId): Promise<TrashedMedia | null> {
    const row = await firstRow<TrashRow>(this.#session, sql, [id]);
    return row === null ? null : trashedFrom(row);
  }
}

function trashedFrom(row: TrashRow): TrashedMedia {
  return {
    media: mediaFrom(row),
    group: Number(row.charged_to) as GroupId,
    trashedAt: row.trashed_at,
    trashedBy: row.trashed_by,
  };
}
