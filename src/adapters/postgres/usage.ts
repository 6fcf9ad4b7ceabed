import {
  levelOf,
  type TooManyItems,
  type Usage,
  type UsageRepository,
} from '../../application/ports/usage-repository.ts';
import type { Group } from '../../domain/access/group.ts';
import type { Level } from '../../domain/quotas/headroom.ts';
import { bytes, MAX_BYTES, type Bytes } from '../../domain/shared/bytes.ts';
import { ROOT_GROUP, type GroupId, type PoolId } from '../../domain/shared/ids.ts';
import { rows, enqueue, touch } from './query.ts';
import type { Session } from './session.ts';

interface UsageRow {
  readonly group_id: string;
  readonly pool_id: string;
  readonly used: string;
  readonly quota: string | null;
  readonly items: string;
}

const COLUMNS = 'group_id, pool_id, used, quota, items';

/**
 * Stores usage in PostgreSQL. The counting statements check the limits, on the row as it is once
 * locked.
 */
export class PostgresUsage implements UsageRepository {
  readonly #session: Session;
  readonly #maxItems: number;

  /** `maxItems` is the limit for the items of a group and its descendants in one pool. */
  constructor(session: Session, maxItems: number) {
    this.#session = session;
    this.#maxItems = maxItems;
  }

  async setQuota(group: GroupId, pool: PoolId, quota: Bytes | null): Promise<void> {
    await touch(
      this.#session,
      `insert into usage (group_id, pool_id, quota) values (?, ?, ?)
       on conflict (group_id, pool_id) do update set quota = excluded.quota`,
      [group, pool, quota],
    );
  }

  async charge(group: Group, pool: PoolId, size: Bytes, items = 0): Promise<Level | TooManyItems | null> {
    // Requests that wait for this lock get it in order. Those that wait in the statement below are
    // all woken whenever one may continue.
    this.#session.enqueue('select from usage where group_id = ? and pool_id = ? for no key update', [group.id, pool]);
    return this.#chargeAll(group.path.toReversed(), pool, size, items);
  }

  async transfer(
    from: readonly GroupId[],
    to: readonly GroupId[],
    pool: PoolId,
    size: Bytes,
    items: number,
  ): Promise<Level | TooManyItems | null> {
    const left = from.filter((level) => !to.includes(level));
    const entered = to.filter((level) => !from.includes(level));
    // A statement of its own locks all rows first, in one order for every pair of groups.
    await touch(
      this.#session,
      `insert into usage (group_id, pool_id)
       select level, ? from unnest(?::bigint[]) with ordinality as changed (level, rank) order by rank
       on conflict (group_id, pool_id) do update set used = usage.used`,
      [pool, deepestFirst([from, to], [...left, ...entered])],
    );
    await this.refund(left, pool, size, items);
    return entered.length === 0 ? null : this.#chargeAll(entered.toReversed(), pool, size, items);
  }

  /** Charges these levels in their order, each if its limits allow it. */
  async #chargeAll(
    levels: readonly GroupId[],
    pool: PoolId,
    size: Bytes,
    items: number,
  ): Promise<Level | TooManyItems | null> {
    // Rows are inserted in the order of the sorted query below, so that locks are acquired in that
    // order.
    const counted = await rows<{ group_id: string }>(
      this.#session,
      `insert into usage (group_id, pool_id, used, items)
       select level, ?, ?, ? from unnest(?::bigint[]) with ordinality as path (level, rank) order by rank
       on conflict (group_id, pool_id) do update
         set used = usage.used + excluded.used, items = usage.items + excluded.items
       where (excluded.used = 0 or usage.used + excluded.used <= coalesce(nullif(usage.quota, 0), ?))
         and (excluded.items = 0 or usage.group_id = ${ROOT_GROUP} or usage.items + excluded.items <= ?)
       returning group_id`,
      [pool, size, items, levels, MAX_BYTES, this.#maxItems],
    );
    const charged = new Set(counted.map((row) => Number(row.group_id)));
    const refusedAt = levels.find((level) => !charged.has(level));
    return refusedAt === undefined ? null : this.#refusal(refusedAt, pool, size);
  }

  /**
   * Returns the limit that refused the charge. The refusing statement has locked the row, so it is
   * unchanged.
   */
  async #refusal(group: GroupId, pool: PoolId, size: Bytes): Promise<Level | TooManyItems> {
    const [usage] = await this.ofPath([group], pool);
    if (usage === undefined) throw new Error(`group ${group} has no usage row on pool ${pool}`);
    const level = levelOf(usage);
    const fits = size === 0 || usage.used + size <= (level.limit ?? MAX_BYTES);
    return fits ? { kind: 'items', max: this.#maxItems } : level;
  }

  async refund(path: readonly GroupId[], pool: PoolId, size: Bytes, items = 0): Promise<void> {
    for (const level of path.toReversed()) {
      await enqueue(
        this.#session,
        'update usage set used = used - ?::bigint, items = items - ?::bigint where group_id = ? and pool_id = ?',
        [size, items, level, pool],
      );
    }
  }

  async ofPath(path: readonly GroupId[], pool: PoolId): Promise<readonly Usage[]> {
    const found = await rows<UsageRow>(
      this.#session,
      `select ${COLUMNS} from usage where group_id = any(?) and pool_id = ?`,
      [path, pool],
    );
    return found.map(usageFrom);
  }

  async ofPathInAllPools(path: readonly GroupId[]): Promise<readonly Usage[]> {
    const found = await rows<UsageRow>(
      this.#session,
      `select ${COLUMNS} from usage where group_id = any(?) order by pool_id`,
      [path],
    );
    return found.map(usageFrom);
  }
}

/** Sorts levels of these paths: the deepest first, those of one depth by id. */
function deepestFirst(paths: readonly (readonly GroupId[])[], levels: readonly GroupId[]): readonly GroupId[] {
  const depthOf = (level: GroupId): number => Math.max(...paths.map((path) => path.indexOf(level)));
  return levels.toSorted((one, other) => depthOf(other) - depthOf(one) || one - other);
}

function usageFrom(row: UsageRow): Usage {
  return {
    group: Number(row.group_id) as GroupId,
    pool: Number(row.pool_id) as PoolId,
    used: bytes(Number(row.used)),
    quota: row.quota === null ? null : bytes(Number(row.quota)),
    items: Number(row.items),
  };
}
