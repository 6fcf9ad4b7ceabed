import type { Pool, Pools } from '../../domain/pools/pool.ts';
import type { LibraryStatus } from '../library/library-status.ts';
import type { BlobStores, PoolClaim } from '../ports/blob-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { resultWithin } from '../leases/time-limit.ts';

export type Usability = 'usable' | 'unusable';

/** Whether the service can work at this moment. */
export interface Readiness {
  /**
   * Whether requests can be served: the database and the default pool are usable, and the library
   * file has been applied.
   */
  readonly ready: boolean;
  readonly database: Usability;
  /** `none` if no library is declared. */
  readonly library: LibraryStatus['state'];
  readonly pools: readonly (Pick<Pool, 'id' | 'name'> & { readonly state: Usability })[];
}

/** A dependency that takes longer to respond counts as unusable. */
const PROBE_TIMEOUT_MS = 3_000;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<PoolClaim>;
  readonly pools: Pools;
  readonly libraryStatus: LibraryStatus;
}

/** Checks whether the database and every pool can be used. */
export class CheckReadiness {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<PoolClaim>;
  readonly #pools: Pools;
  readonly #libraryStatus: LibraryStatus;

  constructor({ work, stores, pools, libraryStatus }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
    this.#libraryStatus = libraryStatus;
  }

  /** Never rejects, and resolves within seconds. */
  async run(): Promise<Readiness> {
    const [database, pools] = await Promise.all([
      usability(this.#work.read(async (tx) => tx.pools.installation())),
      Promise.all(this.#pools.map(async (pool) => ({ pool, state: await usability(this.#probe(pool)) }))),
    ]);
    const defaultIsUsable = pools.some(({ pool, state }) => pool.isDefault && state === 'usable');
    const library = this.#libraryStatus.state;
    return {
      ready: database === 'usable' && defaultIsUsable && library !== 'publishing',
      database,
      library,
      pools: pools.map(({ pool: { id, name }, state }) => ({ id, name, state })),
    };
  }

  /** A pool that moves needs both of its locations. */
  async #probe({ id }: Pool): Promise<void> {
    await Promise.all(this.#stores.locations(id).map(async (location) => this.#stores.of(id, location).probe()));
  }
}

async function usability(probe: Promise<unknown>): Promise<Usability> {
  const responded = probe.then((): Usability => 'usable');
  return (await resultWithin(responded, PROBE_TIMEOUT_MS)) ?? 'unusable';
}
