import type { Bytes } from '../../domain/shared/bytes.ts';
import type { PoolRights } from '../../domain/pools/assignment.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import type { Level } from '../../domain/quotas/headroom.ts';
import type { Pool } from '../../domain/pools/pool.ts';
import type { Usage } from './usage-repository.ts';

/** What the database knows of a pool. */
export interface PoolRecord {
  readonly id: PoolId;
  /** The name it had when it was last configured. */
  readonly name: string;
  readonly holdsMedia: boolean;
  /** The number of the place that new bytes go to. */
  readonly writesTo: number;
  /** The numbers of the places in which bytes of its media lie, in ascending order. */
  readonly locations: readonly number[];
}

/** How a pool stands for one group. */
export interface PoolUsage {
  /** What the group itself was assigned there; null if nothing. */
  readonly assigned: PoolRights | null;
  /** The rows there are for the group and its ancestors. */
  readonly usage: readonly Usage[];
  readonly level: Level;
}

export interface PoolRepository {
  /** The id of this installation, made with the database; pools carry it in their markers. */
  installation(): Promise<string>;
  /** Every pool that ever was configured, by ascending id. */
  known(): Promise<readonly PoolRecord[]>;
  /** Makes the pool's row, or brings its name and capacity up to date. */
  store(pool: Pool): Promise<void>;
  /**
   * Sets the limit of a pool whose configuration names no capacity; null for none. A pool that has
   * one is bound by that alone.
   */
  deriveCapacity(pool: PoolId, capacity: Bytes | null): Promise<void>;
  /** From now on new bytes of the pool go to this place. */
  writeTo(pool: PoolId, location: number): Promise<void>;
  /**
   * Counts `size` bytes in the pool if its capacity allows it; 0 bytes always. Answers null when it
   * did, else how the pool stands.
   */
  charge(pool: PoolId, size: Bytes): Promise<Level | null>;
  /** Gives bytes back to the pool, once they are gone from it. */
  refund(pool: PoolId, size: Bytes): Promise<void>;
  /** How these pools stand; bytes of media being removed count. */
  levels(pools: readonly PoolId[]): Promise<ReadonlyMap<PoolId, Level>>;
  /** How these pools stand for a group; none of them where there is no such group. */
  usages(group: GroupId, pools: readonly PoolId[]): Promise<ReadonlyMap<PoolId, PoolUsage>>;
}
