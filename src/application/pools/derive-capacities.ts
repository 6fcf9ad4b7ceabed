import type { Pool, Pools } from '../../domain/pools/pool.ts';
import { bytes, MAX_BYTES, type Bytes } from '../../domain/shared/bytes.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import type { BlobInventory, BlobStores } from '../ports/blob-store.ts';
import type { Log } from '../ports/log.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobInventory>;
  readonly pools: Pools;
  readonly overcommit: number;
  readonly log: Log;
}

/**
 * Limits local pools without a capacity by the size of their filesystem
 * (docs/configuration.md#overcommit).
 */
export class DeriveCapacities {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobInventory>;
  readonly #pools: Pools;
  readonly #overcommit: number;
  readonly #log: Log;

  /** `overcommit`: how many times the size of its filesystem a pool may hold; 0 for no limit. */
  constructor({ work, stores, pools, overcommit, log }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
    this.#overcommit = overcommit;
    this.#log = log;
  }

  /**
   * Idempotent. A pool that cannot be reached keeps its limit.
   *
   * @throws `unavailable` without the database
   */
  async run(): Promise<void> {
    for (const pool of this.#pools) {
      try {
        const capacity = await this.#capacityOf(pool);
        await this.#work.run(async (tx) => tx.pools.deriveCapacity(pool.id, capacity));
      } catch (error) {
        if (!isFailure(error, 'unavailable') || error.detail.lacking === 'database') throw error;
        this.#log.warn(
          { pool: pool.id, err: error },
          'the size of the pool could not be read: its limit stays as it is',
        );
      }
    }
  }

  /** While a pool moves, its larger location counts. */
  async #capacityOf(pool: Pool): Promise<Bytes | null> {
    if (this.#overcommit === 0 || pool.capacity !== null) return null;
    const sizes = await Promise.all(
      this.#stores.locations(pool.id).map(async (location) => this.#stores.of(pool.id, location).filesystemBytes()),
    );
    const largest = sizes.reduce<number>((max, size) => Math.max(max, size ?? MAX_BYTES), 0);
    return largest >= MAX_BYTES ? null : bytes(Math.min(largest * this.#overcommit, MAX_BYTES));
  }
}
