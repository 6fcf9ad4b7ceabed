import { findPool, type Pool, type Pools } from '../../domain/pools/pool.ts';
import type { BlobStores, PoolClaim } from '../ports/blob-store.ts';
import type { PoolRecord } from '../ports/pool-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Claims the configured pools and stores them in the database, at each start. */
export class PreparePools {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<PoolClaim>;
  readonly #pools: Pools;

  constructor(work: UnitOfWork, stores: BlobStores<PoolClaim>, pools: Pools) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
  }

  /**
   * Claims all locations of every pool for this installation and stores the pools.
   *
   * @throws one Error that names every fault with its remedy: a pool or location that holds items
   *   and is not configured, or a location that belongs to another installation, is missing or not
   *   writable
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
      const record = known.find(({ id }) => id === pool.id) ?? null;
      // A missing location explains faults of the configured ones.
      const lost = this.#lostLocations(pool, record);
      faults.push(...(lost.length > 0 ? lost : await this.#claim(installation, pool, record)));
    }
    if (faults.length > 0) throw new Error(faults.join('\n'));

    await this.#work.run(async (tx) => {
      for (const pool of this.#pools) {
        await tx.pools.store(pool);
        const isNew = !known.some(({ id }) => id === pool.id);
        if (isNew) await tx.pools.writeTo(pool.id, this.#stores.locations(pool.id)[0]);
      }
    });
  }

  async #claim(installation: string, pool: Pool, record: PoolRecord | null): Promise<readonly string[]> {
    const faults: string[] = [];
    for (const location of this.#stores.locations(pool.id)) {
      const holdsMedia = record?.locations.includes(location) ?? false;
      try {
        await this.#stores.of(pool.id, location).claim({ installation, pool: pool.id, location, holdsMedia });
      } catch (error) {
        faults.push(`${nameOf(pool)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return faults;
  }

  #lostLocations(pool: Pool, record: PoolRecord | null): readonly string[] {
    if (record === null) return [];
    const locations = this.#stores.locations(pool.id);
    return [...new Set([...record.locations, record.writesTo])]
      .filter((location) => !locations.includes(location))
      .map((location) => {
        const what = record.locations.includes(location)
          ? 'bytes of it lie in location'
          : 'its new bytes go to location';
        return `${nameOf(pool)}: ${what} ${location}, which is not configured: put it into the pools file, as the pool's own location or as "moving_to", until "platter pool move" says that it is not needed`;
      });
  }
}

function nameOf({ id, name }: Pool): string {
  return `pool ${id} ("${name}")`;
}
