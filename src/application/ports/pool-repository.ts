import type { Bytes } from '../../domain/shared/bytes.ts';
import type { PoolRights } from '../../domain/pools/assignment.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import type { Level } from '../../domain/quotas/headroom.ts';
import type { Pool } from '../../domain/pools/pool.ts';
import type { Usage } from './usage-repository.ts';

/** The rows of a pool. */
export interface PoolRecord {
  readonly id: PoolId;
  /** Its last configured name. */
  readonly name: string;
  readonly holdsMedia: boolean;
  /** The number of the location for new bytes. */
  readonly writesTo: number;
  /** The numbers of the locations that hold blobs of its items, ascending. */
  readonly locations: readonly number[];
}

/** The rights and usage of one group on a pool. */
export interface PoolUsage {
  /** The rights of the group itself; null if the pool is not assigned to it. */
  readonly assigned: PoolRights | null;
  /** The existing usage rows of the group and its ancestors. */
  readonly usage: readonly Usage[];
  readonly level: Level;
}

/** The pools, with their usage and capacity. */
export interface PoolRepository {
  /**
   * Returns the id of this installation, created with the database; markers of pools contain it.
   */
  installation(): Promise<string>;
  /** Returns every pool that was ever configured, by ascending id. */
  known(): Promise<readonly PoolRecord[]>;
  /** Creates the row of a pool, or updates its name and capacity. */
  store(pool: Pool): Promise<void>;
  /**
   * Sets the limit of a pool without a configured capacity; null for none. A configured capacity
   * takes precedence.
   */
  deriveCapacity(pool: PoolId, capacity: Bytes | null): Promise<void>;
  /** Sets the location for new bytes of the pool. */
  writeTo(pool: PoolId, location: number): Promise<void>;
  /**
   * Charges `size` bytes to the pool if its capacity allows it; 0 bytes always pass. Returns null,
   * or the level that refused.
   */
  charge(pool: PoolId, size: Bytes): Promise<Level | null>;
  /** Refunds bytes to the pool, after they were deleted. */
  refund(pool: PoolId, size: Bytes): Promise<void>;
  /** Returns the usage and limit of these pools; items in `removing` count. */
  levels(pools: readonly PoolId[]): Promise<ReadonlyMap<PoolId, Level>>;
  /** Returns what these pools are to a group; empty if there is no such group. */
  usages(group: GroupId, pools: readonly PoolId[]): Promise<ReadonlyMap<PoolId, PoolUsage>>;
}
