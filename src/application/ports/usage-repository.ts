import type { Group } from '../../domain/access/group.ts';
import { limitOf } from '../../domain/pools/assignment.ts';
import type { Level } from '../../domain/quotas/headroom.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';

/**
 * What counts for a group on a pool, all groups below it included, and the quota of its assignment
 * there.
 */
export interface Usage {
  readonly group: GroupId;
  readonly pool: PoolId;
  readonly used: Bytes;
  /** As assigned: 0 and null both mean no limit of its own. */
  readonly quota: Bytes | null;
  /** How many items count, all groups below included. */
  readonly items: number;
}

/** A group that holds as many items in a pool as a group may. */
export interface TooManyItems {
  readonly kind: 'items';
  readonly max: number;
}

/** A usage row as a level that a charge must pass. */
export function levelOf(usage: Usage): Level {
  return { kind: 'group', used: usage.used, limit: limitOf(usage.quota) };
}

/** Rows are made when first needed; where there is none, nothing is used and nothing limits. */
export interface UsageRepository {
  /**
   * Sets or takes away (null) the quota of a group on a pool. The quota lies in the row that
   * counts, so that a charge judges by the limit in force under the same lock that it counts under.
   */
  setQuota(group: GroupId, pool: PoolId, quota: Bytes | null): Promise<void>;
  /**
   * Counts `size` bytes and `items` more items for the group and each of its ancestors, leaf to
   * root, as long as every limit allows it. No limit of bytes refuses 0 bytes, no limit of items
   * refuses 0 items, and the root group has no limit of items. Answers null when all did, else what
   * refused, on the lowest level of several. After a refusal the transaction must be undone: other
   * levels have counted. What is asked right behind this, without waiting for it, comes after it.
   */
  charge(group: Group, pool: PoolId, size: Bytes, items?: number): Promise<Level | TooManyItems | null>;
  /**
   * Takes `size` bytes and `items` items off the group and each of its ancestors, leaf to root.
   * Checks no limit.
   */
  refund(path: readonly GroupId[], pool: PoolId, size: Bytes, items?: number): Promise<void>;
  /** The rows there are for a group and its ancestors on one pool. */
  ofPath(path: readonly GroupId[], pool: PoolId): Promise<readonly Usage[]>;
  /** The rows there are for a group and its ancestors, on every pool, by ascending pool id. */
  ofPathInAllPools(path: readonly GroupId[]): Promise<readonly Usage[]>;
}
