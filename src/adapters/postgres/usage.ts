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
    // Rows are inserted in the order of the sorted query below, so that locks are acquired in that
    // order.
    const counted = await rows<{ group_id: string }>(
      this.#session,
      `insert into usage (group_id, pool_id, used, items)
       select level, ?, ?, ? from unnest(?::bigint[]) with ordinality as path (level, depth) order by depth desc
       on conflict (group_id, pool_id) do update
         set used = usage.used + excluded.used, items = usage.items + excluded.items
       where (excluded.used = 0 or usage.used + excluded.used <= coalesce(nullif(usage.quota, 0), ?))
         and (excluded.items = 0 or usage.group_id = ${ROOT_GROUP} or usage.items + excluded.items <= ?)
       returning group_id`,
      [pool, size, items, group.path, MAX_BYTES, this.#maxItems],
    );
    const charged = new Set(counted.map((row) => Number(row.group_id)));
    const refusedAt = group.path.findLast((level) => !charged.has(level));
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

function usageFrom(row: UsageRow): Usage {
  return {
    group: Number(row.group_id) as GroupId,
    pool: Number(row.pool_id) as PoolId,
    used: bytes(Number(row.used)),
    quota: row.quota === null ? null : bytes(Number(row.quota)),
    items: Number(row.items),
  };
}
