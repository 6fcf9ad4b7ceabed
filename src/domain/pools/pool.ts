import type { Bytes } from '../shared/bytes.ts';
import type { PoolId } from '../shared/ids.ts';

/**
 * A place for media, as the host's configuration has it. Where its bytes lie is the business of its
 * blob store.
 */
export interface Pool {
  readonly id: PoolId;
  readonly name: string;
  /** The most it may hold; null if only its backend limits it. */
  readonly capacity: Bytes | null;
  readonly storageType: string;
  /** The one that is used where nobody names a pool. */
  readonly isDefault: boolean;
}

/** The pools of this host, in the order of its configuration. */
export type Pools = readonly Pool[];

/** The pool with this id, or null if the configuration has none. */
export function findPool(pools: Pools, id: PoolId): Pool | null {
  return pools.find((pool) => pool.id === id) ?? null;
}
