import type { Group } from '../../domain/access/group.ts';
import { limitOf } from '../../domain/pools/assignment.ts';
import type { Level } from '../../domain/quotas/headroom.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';

/**
 * The usage of a group on a pool, descendants of the group included, and the quota of its
 * assignment.
 */
export interface Usage {
  readonly group: GroupId;
  readonly pool: PoolId;
  readonly used: Bytes;
  /** The assigned quota; 0 and null both mean no limit of its own. */
  readonly quota: Bytes | null;
  /** The number of items that count, descendants included. */
  readonly items: number;
}

/** A group that has the maximum number of items in a pool. */
export interface TooManyItems {
  readonly kind: 'items';
  readonly max: number;
}

/** Returns a usage row as a level that a charge must pass. */
export function levelOf(usage: Usage): Level {
  return { kind: 'group', group: usage.group, used: usage.used, limit: limitOf(usage.quota) };
}

/** The usage rows, created when first needed. A missing row means no usage and no limit. */
export interface UsageRepository {
  /**
   * Sets or removes (null) the quota of a group on a pool. The quota is a column of the usage row,
   * so that a charge reads it under the lock under which it counts.
   */
  setQuota(group: GroupId, pool: PoolId, quota: Bytes | null): Promise<void>;
  /**
   * Charges `size` bytes and `items` items to the group and its ancestors, leaf to root, if every
   * limit allows it. 0 bytes pass every limit of bytes, 0 items every limit of items; the root
   * group has no limit of items. Returns null, or the lowest level that refused. After a refusal
   * the caller must roll back: other levels were charged. A statement that the caller sends without
   * waiting for the result runs after the charge.
   */
  charge(group: Group, pool: PoolId, size: Bytes, items?: number): Promise<Level | TooManyItems | null>;
  /**
   * Moves the charge of `size` bytes and `items` items from the group of one path to that of the
   * other, if every limit on the levels that only `to` has allows it: levels of both paths neither
   * count nor check it again. Locks the rows of all levels that change, the deepest first and those
   * of one depth by id. Returns null, or the lowest level that refused; then roll back, as after
   * `charge`.
   */
  transfer(
    from: readonly GroupId[],
    to: readonly GroupId[],
    pool: PoolId,
    size: Bytes,
    items: number,
  ): Promise<Level | TooManyItems | null>;
  /** Refunds `size` bytes and `items` items to the group and its ancestors. Checks no limit. */
  refund(path: readonly GroupId[], pool: PoolId, size: Bytes, items?: number): Promise<void>;
  /** Returns the existing rows of a group and its ancestors on one pool. */
  ofPath(path: readonly GroupId[], pool: PoolId): Promise<readonly Usage[]>;
  /** Returns the existing rows of a group and its ancestors on every pool, by ascending pool id. */
  ofPathInAllPools(path: readonly GroupId[]): Promise<readonly Usage[]>;
}
