import type { Pool, Pools } from '../../domain/pools/pool.ts';
import type { FirstPass } from '../library/first-pass.ts';
import type { BlobStores, PoolClaim } from '../ports/blob-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { inTime } from '../leases/in-time.ts';

export type Usability = 'usable' | 'unusable';

/** What the service stands on, at this moment. */
export interface Readiness {
  /**
   * Whether requests can be served: the database and the default pool are usable, and the library
   * has been gone through once.
   */
  readonly ready: boolean;
  readonly database: Usability;
  /** `none` where no library is declared. */
  readonly library: FirstPass['state'];
  readonly pools: readonly (Pick<Pool, 'id' | 'name'> & { readonly state: Usability })[];
}

/** A part that takes longer to answer is not usable. Milliseconds. */
const PATIENCE = 3_000;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<PoolClaim>;
  readonly pools: Pools;
  readonly firstPass: FirstPass;
}

/** Asks the database and every pool whether they can be used. */
export class CheckReadiness {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<PoolClaim>;
  readonly #pools: Pools;
  readonly #firstPass: FirstPass;

  constructor({ work, stores, pools, firstPass }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
    this.#firstPass = firstPass;
  }

  /** Never fails, and answers within seconds. */
  async run(): Promise<Readiness> {
    const [database, pools] = await Promise.all([
      usability(this.#work.read(async (tx) => tx.pools.installation())),
      Promise.all(this.#pools.map(async (pool) => ({ pool, state: await usability(this.#probe(pool)) }))),
    ]);
    const defaultIsUsable = pools.some(({ pool, state }) => pool.isDefault && state === 'usable');
    const library = this.#firstPass.state;
    return {
      ready: database === 'usable' && defaultIsUsable && library !== 'publishing',
      database,
      library,
      pools: pools.map(({ pool: { id, name }, state }) => ({ id, name, state })),
    };
  }

  /** A pool that moves needs both of its places. */
  async #probe({ id }: Pool): Promise<void> {
    await Promise.all(this.#stores.locations(id).map(async (location) => this.#stores.of(id, location).probe()));
  }
}

async function usability(asked: Promise<unknown>): Promise<Usability> {
  const answered = asked.then((): Usability => 'usable');
  return (await inTime(answered, PATIENCE)) ?? 'unusable';
}
