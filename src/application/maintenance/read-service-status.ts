import type { Pools } from '../../domain/pools/pool.ts';
import type { Level } from '../../domain/quotas/headroom.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { OpenJobs } from '../ports/job-repository.ts';
import type { ServiceStatus } from '../ports/service-status.ts';
import type { OpenUploads } from '../ports/upload-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { CheckReadiness } from './check-readiness.ts';
import { resultWithin } from '../leases/time-limit.ts';

/** A value that takes longer to read is reported as null. */
const READ_TIMEOUT_MS = 3_000;
/** The count of open jobs stops at this number. */
const MAX_JOBS = 10_000;

interface Counts {
  readonly levels: ReadonlyMap<PoolId, Level>;
  readonly jobs: OpenJobs;
  readonly uploads: OpenUploads;
  readonly damaged: ReadonlyMap<PoolId, number>;
}

/** Reads the state of the service for monitoring. */
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

  /**
   * Never rejects, and resolves within seconds. A value that could not be read in that time is
   * null.
   */
  async run(): Promise<ServiceStatus> {
    const [readiness, counts] = await Promise.all([
      this.#readiness.run(),
      resultWithin(this.#counts(), READ_TIMEOUT_MS),
    ]);
    return {
      ready: readiness.ready,
      databaseUp: readiness.database === 'usable',
      jobs: counts?.jobs ?? null,
      uploads: counts?.uploads ?? null,
      pools: readiness.pools.map(({ id, state }) => ({
        id,
        usable: state === 'usable',
        used: counts?.levels.get(id)?.used ?? null,
        capacity: counts?.levels.get(id)?.limit ?? null,
        damaged: counts?.damaged.get(id) ?? null,
      })),
    };
  }

  /** Concurrent callers share one query, so that they do not pile up on a slow database. */
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
      uploads: await tx.uploads.open(),
    }));
  }
}
