import type { Pools } from '../../domain/pools/pool.ts';
import type { Level } from '../../domain/quotas/headroom.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { OpenJobs } from '../ports/job-repository.ts';
import type { ServiceStatus } from '../ports/service-status.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { CheckReadiness } from './check-readiness.ts';
import { inTime } from '../leases/in-time.ts';

/** What takes longer to answer is left out. Milliseconds. */
const PATIENCE = 3_000;
/** More open jobs than this are not counted. */
const MAX_JOBS = 10_000;

interface Counts {
  readonly levels: ReadonlyMap<PoolId, Level>;
  readonly jobs: OpenJobs;
  readonly damaged: ReadonlyMap<PoolId, number>;
}

/** Finds out how the service stands, for whoever watches it. */
export class ReadServiceStatus {
  readonly #readiness: CheckReadiness;
  readonly #work: UnitOfWork;
  readonly #pools: Pools;
  #counting: Promise<Counts> | null = null;

  constructor(readiness: CheckReadiness, work: UnitOfWork, pools: Pools) {
    this.#readiness = readiness;
    this.#work = work;
    this.#pools = pools;
  }

  /** Never fails, and answers within seconds; what could not be found out by then is null. */
  async run(): Promise<ServiceStatus> {
    const [readiness, counts] = await Promise.all([this.#readiness.run(), inTime(this.#counts(), PATIENCE)]);
    return {
      ready: readiness.ready,
      databaseUp: readiness.database === 'usable',
      jobs: counts?.jobs ?? null,
      pools: readiness.pools.map(({ id, state }) => ({
        id,
        usable: state === 'usable',
        used: counts?.levels.get(id)?.used ?? null,
        capacity: counts?.levels.get(id)?.limit ?? null,
        damaged: counts?.damaged.get(id) ?? null,
      })),
    };
  }

  /**
   * However many ask, the database is asked once at a time: a slow one is not to be buried in
   * questions.
   */
  async #counts(): Promise<Counts> {
    this.#counting ??= this.#count().finally(() => {
      this.#counting = null;
    });
    return this.#counting;
  }

  async #count(): Promise<Counts> {
    const pools = this.#pools.map(({ id }) => id);
    return this.#work.read(async (tx) => ({
      levels: await tx.pools.levels(pools),
      damaged: await tx.scrub.countMarked(pools),
      jobs: await tx.jobs.countOpen(MAX_JOBS),
    }));
  }
}
