import type { Caller } from '../../domain/access/caller.ts';
import { rightsOf } from '../../domain/pools/assignment.ts';
import type { Pool, Pools } from '../../domain/pools/pool.ts';
import { tightestLevel } from '../../domain/quotas/headroom.ts';
import {
  splitByKind,
  warningOf,
  type ChargeKind,
  type CountedItems,
  type QuotaWarning,
} from '../../domain/quotas/ledger.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { ROOT_GROUP, type GroupId } from '../../domain/shared/ids.ts';
import { requireSeenGroup } from '../access/require-seen-group.ts';
import { freeBytesOf } from '../pools/free-bytes-of.ts';
import type { BlobInventory, BlobStores } from '../ports/blob-store.ts';
import type { PoolUsage } from '../ports/pool-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { levelOf } from '../ports/usage-repository.ts';

export type ViewUsageFailure = 'permission-missing' | 'group-not-found';

/** A pool as a whole. */
export interface PoolTotals {
  readonly capacity: Bytes | null;
  readonly used: Bytes;
  /** The free space of its filesystem; null without one, or if it cannot be read. */
  readonly free: Bytes | null;
}

/** What a group and its descendants use of one pool. */
export interface GroupUsage {
  readonly pool: Pool;
  /** The assigned quota; null for none. */
  readonly quota: Bytes | null;
  /** The limit with the least headroom: of a group of the path, or of the pool (null). */
  readonly boundBy: { readonly group: GroupId | null; readonly limit: Bytes } | null;
  /** The headroom below all limits; null without any. */
  readonly available: Bytes | null;
  readonly warning: QuotaWarning | null;
  /** As the usage row counts it. */
  readonly used: Bytes;
  readonly items: number;
  /** As the items themselves add up. */
  readonly split: Readonly<Record<ChargeKind, Bytes>>;
  /** What the usage row counts more than the items; 0 unless a row is wrong. */
  readonly difference: number;
  /** The whole pool, for the root group only. */
  readonly whole: PoolTotals | null;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly pools: Pools;
  readonly stores: BlobStores<BlobInventory>;
}

/**
 * Shows what a group uses of each pool: the totals from the usage rows, their parts from the items,
 * at one moment.
 */
export class ViewUsage {
  readonly #work: UnitOfWork;
  readonly #pools: Pools;
  readonly #stores: BlobStores<BlobInventory>;

  constructor({ work, pools, stores }: Dependencies) {
    this.#work = work;
    this.#pools = pools;
    this.#stores = stores;
  }

  /** Returns the pools that are assigned to the group or that it uses, in the configured order. */
  async run(caller: Caller, id: GroupId): Promise<readonly GroupUsage[]> {
    const usages = await this.#work.onBehalfOf(caller).snapshot(async (tx) => {
      const group = await requireSeenGroup(tx, caller, 'velocity.pool.list', id);
      const ids = this.#pools.map((pool) => pool.id);
      const [usages, counted] = await Promise.all([tx.pools.usages(group.id, ids), tx.ledger.counted(group.id)]);
      return this.#pools.flatMap((pool) => {
        const usage = usages.get(pool.id);
        const items = counted.filter((one) => one.pool === pool.id);
        return usage === undefined ? [] : usageOf(group.id, pool, usage, items);
      });
    });
    return Promise.all(usages.map(async (usage) => this.#withFree(usage)));
  }

  async #withFree(usage: GroupUsage): Promise<GroupUsage> {
    if (usage.whole === null) return usage;
    return { ...usage, whole: { ...usage.whole, free: await freeBytesOf(this.#stores, usage.pool.id) } };
  }
}

function usageOf(
  group: GroupId,
  pool: Pool,
  { assigned, usage, level }: PoolUsage,
  counted: readonly CountedItems[],
): readonly GroupUsage[] {
  const own = usage.find((row) => row.group === group);
  const used = own?.used ?? bytes(0);
  if (rightsOf(group, assigned) === null && used === 0 && counted.length === 0) return [];
  const levels = [...usage.map(levelOf), level];
  const found = tightestLevel(levels);
  const split = splitByKind(counted);
  const itemBytes = counted.reduce((sum, one) => sum + one.bytes, 0);
  return [
    {
      pool,
      quota: own?.quota === 0 ? null : (own?.quota ?? null),
      boundBy: found?.level.limit == null ? null : { group: found.level.group ?? null, limit: found.level.limit },
      available: found?.left ?? null,
      warning: warningOf(levels),
      used,
      items: own?.items ?? 0,
      split,
      difference: used - itemBytes,
      whole: group === ROOT_GROUP ? { capacity: level.limit, used: level.used, free: null } : null,
    },
  ];
}
