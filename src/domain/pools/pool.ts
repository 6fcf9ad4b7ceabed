import type { Bytes } from '../shared/bytes.ts';
import type { PoolId } from '../shared/ids.ts';

/** A configured pool. Its blob stores know its locations. */
export interface Pool {
  readonly id: PoolId;
  readonly name: string;
  /** Its maximum size in bytes; null if only its backend limits it. */
  readonly capacity: Bytes | null;
  readonly storageType: string;
  /** Whether it is used if a request names no pool. */
  readonly isDefault: boolean;
}

/** The pools of this host, in the order of the configuration. */
export type Pools = readonly Pool[];

/** Returns the pool with this id, or null if none is configured. */
export function findPool(pools: Pools, id: PoolId): Pool | null {
  return pools.find((pool) => pool.id === id) ?? null;
}
