import { findPool, type Pools } from '../../domain/pools/pool.ts';
import type { BlobStores } from '../ports/blob-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Brings the configured pools and the database together, before anything is served. */
export class PreparePools {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, stores: BlobStores, pools: Pools) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
  }

  /**
   * Claims every pool's place for this installation and stores what is configured. Fails with one Error that names every fault and what
   * to do about it: a pool that vanished from the configuration while it holds media, a place that is not ours, not there or not writable.
   */
  async run(): Promise<void> {
    const { installation, known } = await this.#work.run(async (tx) => ({
      installation: await tx.pools.installation(),
      known: await tx.pools.known(),
    }));

    const faults = known
      .filter((record) => record.holdsMedia && findPool(this.#pools, record.id) === null)
      .map(
        (record) =>
          `pool ${record.id} ("${record.name}") holds media but is not configured any more: put it back into the pools file, with the same id`,
      );
    for (const pool of this.#pools) {
      const holdsMedia = known.some((record) => record.id === pool.id && record.holdsMedia);
      try {
        await this.#stores.of(pool.id).claim({ installation, pool: pool.id, holdsMedia });
      } catch (error) {
        faults.push(`pool ${pool.id} ("${pool.name}"): ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (faults.length > 0) throw new Error(faults.join('\n'));

    await this.#work.run(async (tx) => {
      for (const pool of this.#pools) await tx.pools.store(pool);
    });
  }
}
