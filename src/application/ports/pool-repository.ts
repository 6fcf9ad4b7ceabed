import type { Bytes } from '../../domain/shared/bytes.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { Pool } from '../../domain/pools/pool.ts';

/** What the database knows of a pool. */
export interface PoolRecord {
  readonly id: PoolId;
  /** The name it had when it was last configured. */
  readonly name: string;
  readonly holdsMedia: boolean;
}

export interface PoolRepository {
  /** The id of this installation, made with the database; pools carry it in their markers. */
  installation(): Promise<string>;
  /** Every pool that ever was configured, by ascending id. */
  known(): Promise<readonly PoolRecord[]>;
  /** Makes the pool's row, or brings its name and capacity up to date. */
  store(pool: Pool): Promise<void>;
  /** Counts `size` bytes in the pool if its capacity allows it; 0 bytes always. Answers whether it did. */
  charge(pool: PoolId, size: Bytes): Promise<boolean>;
  /** Gives bytes back to the pool, once they are gone from it. */
  giveBack(pool: PoolId, size: Bytes): Promise<void>;
  /** How many bytes count in the pool, those of media being removed among them. */
  used(pool: PoolId): Promise<Bytes>;
}
