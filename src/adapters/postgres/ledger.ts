import type { LedgerRepository } from '../../application/ports/ledger-repository.ts';
import type { CountedItems, LedgerEntry } from '../../domain/quotas/ledger.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import { MAX_COUNTED, type KeysetPage, type KeysetPosition, type KeysetTerms } from '../../domain/shared/keyset.ts';
import { momentOf } from './batches.ts';
import { stateFrom, type PersistedState } from './persisted-names.ts';
import { firstRow, rows, rowsPlannedOnce } from './query.ts';
import type { Binding, Session } from './session.ts';

interface CountedRow {
  readonly pool_id: string;
  readonly state: PersistedState;
  readonly imported: boolean;
  readonly bytes: string;
  readonly items: string;
}

type EntryRow = Omit<LedgerEntry, 'state'> & { readonly state: PersistedState };

/** SQL: the ids of a group, its binding, and its descendants. */
const SUBTREE = `select id from groups where path @> array[?::bigint]`;

/** Items in the trash belong to no group any more, and are charged to the former one. */
const CHARGED = ['group_id', 'charged_to'] as const;

/** SQL: the items that a group, both bindings, and its descendants are charged for. */
const ofSubtree = (columns: string): string =>
  CHARGED.map((column) => `select ${columns} from media where ${column} in (${SUBTREE})`).join(' union all ');

/** SQL: whether an item, `media`, was or is being imported. */
const IS_IMPORTED = `media.provenance is not distinct from 'import'`;

type Order = readonly [direction: string, beyond: string];

/**
 * SQL: the next items that a group is charged for in a pool, by size. Its bindings: `nextBindings`.
 */
function nextIn(group: string, [direction, beyond]: Order): string {
  return CHARGED.map(
    (column) => `(select media.id, media.size as key from media
      where media.${column} = ${group} and media.pool_id = ? and (media.size, media.id) ${beyond} (?::bigint, ?::uuid)
      order by media.size ${direction}, media.id ${direction} limit ?)`,
  ).join(' union all ');
}

function nextBindings(pool: PoolId, { value, id }: KeysetPosition, max: number): readonly Binding[] {
  return CHARGED.flatMap(() => [pool, value, id, max]);
}

/** SQL: of many groups, it reads only those whose first items come first. */
function entriesSql(isDescending: boolean): string {
  const order = isDescending ? (['desc', '<'] as const) : (['asc', '>'] as const);
  const [direction] = order;
  return `with subtree as materialized (${SUBTREE}), nearest as (
      select subtree.id from subtree cross join lateral (${nextIn('subtree.id', order)}) as head
      order by head.key ${direction}, head.id ${direction} limit ?
    ), page as (
      select item.id, item.key from nearest cross join lateral (${nextIn('nearest.id', order)}) as item
      order by item.key ${direction}, item.id ${direction} limit ?
    )
    select coalesce(json_agg(listed), '[]') as listed from (
      select item.* from page cross join lateral (
        select media.id, coalesce(media.group_id, media.charged_to) as "group", media.name, media.type, media.size, media.state,
          ${IS_IMPORTED} as imported,
          ${momentOf('media.created_at')} as created,
          case when users.id is not null then json_build_object('id', users.id, 'name', users.name) end as creator
        from media left join users on users.uuid = media.created_by where media.id = page.id limit 1
      ) as item
      order by page.key ${direction}, page.id ${direction}
    ) as listed`;
}

const ENTRIES = { descending: entriesSql(true), ascending: entriesSql(false) } as const;
const BEFORE_ALL = { value: -1, id: '00000000-0000-0000-0000-000000000000' };
const BEHIND_ALL = { value: Number.MAX_SAFE_INTEGER, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** Reads what groups are charged for from PostgreSQL. */
export class PostgresLedger implements LedgerRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async counted(group: GroupId): Promise<readonly CountedItems[]> {
    const found = await rows<CountedRow>(
      this.#session,
      `select pool_id, state, imported, sum(size) as bytes, count(*) as items
       from (${ofSubtree(`pool_id, state, size, ${IS_IMPORTED} as imported`)}) as charged
       group by pool_id, state, imported order by pool_id`,
      [group, group],
    );
    return found.map((row) => ({
      pool: Number(row.pool_id) as PoolId,
      state: stateFrom(row.state),
      imported: row.imported,
      bytes: bytes(Number(row.bytes)),
      items: Number(row.items),
    }));
  }

  async entries(
    group: GroupId,
    pool: PoolId,
    { limit, isDescending, after, counts }: KeysetTerms<'size'>,
  ): Promise<KeysetPage<LedgerEntry>> {
    const from = after ?? (isDescending ? BEHIND_ALL : BEFORE_ALL);
    const max = limit + 1;
    const bindings = [group, ...nextBindings(pool, from, 1), max, ...nextBindings(pool, from, max), max];
    const [row, count] = await Promise.all([
      firstRow<{ listed: readonly EntryRow[] }>(
        this.#session,
        isDescending ? ENTRIES.descending : ENTRIES.ascending,
        bindings,
        rowsPlannedOnce,
      ),
      counts ? this.#count(group, pool) : null,
    ]);
    const found = row?.listed ?? [];
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      items: found.slice(0, limit).map((entry) => ({ ...entry, state: stateFrom(entry.state) })),
      last: last === undefined ? null : { value: last.size, id: last.id },
      total: count,
    };
  }

  async #count(group: GroupId, pool: PoolId): Promise<number> {
    const row = await firstRow<{ total: string }>(
      this.#session,
      `select count(*) as total from (
         select from (${ofSubtree('pool_id')}) as charged where pool_id = ? limit ${MAX_COUNTED}
       ) as counted`,
      [group, group, pool],
    );
    return Number(row?.total);
  }
}
