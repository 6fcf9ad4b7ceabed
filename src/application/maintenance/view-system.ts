import type { Caller } from '../../domain/access/caller.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { mayAssignEverywhere } from '../access/require-permission.ts';
import { resultWithin } from '../leases/time-limit.ts';
import { freeBytesOf } from '../pools/free-bytes-of.ts';
import type { BlobInventory, BlobStores } from '../ports/blob-store.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { PoolStatus, ServiceStatus } from '../ports/service-status.ts';
import type { DatabaseFacts, EndedExamination, SeenReplica } from '../ports/system-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { ReadServiceStatus } from './read-service-status.ts';

/** A storage that takes longer to tell its free space is shown without it. */
const FREE_TIMEOUT_MS = 3_000;

export type ViewSystemFailure = 'permission-missing';

export interface PoolView extends PoolStatus {
  readonly name: string;
  /** The free space of its filesystem; null without one, or if it was not known in time. */
  readonly free: Bytes | null;
}

/** The installation as a whole, as this replica sees it. */
export interface SystemView extends Pick<ServiceStatus, 'jobs' | 'uploads'> {
  readonly version: string;
  /** Of this replica. */
  readonly uptimeSeconds: number;
  readonly database: DatabaseFacts & {
    /** The time of one query. */
    readonly latencyMs: number;
  };
  readonly pools: readonly PoolView[];
  readonly replicas: readonly SeenReplica[];
  readonly lastDoctor: EndedExamination | null;
  readonly lastScrub: EndedExamination | null;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly pools: Pools;
  readonly stores: BlobStores<BlobInventory>;
  readonly clock: MonotonicClock;
  readonly version: string;
  readonly readServiceStatus: ReadServiceStatus;
}

/** Shows the installation to callers who administer it, such as root. */
export class ViewSystem {
  readonly #dependencies: Dependencies;
  readonly #startedAt: number;

  /** The uptime counts from here. */
  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
    this.#startedAt = dependencies.clock.now();
  }

  async run(caller: Caller): Promise<SystemView> {
    const { work, clock, version, readServiceStatus } = this.#dependencies;
    const { database, replicas, examinations } = await work.onBehalfOf(caller).read(async (tx) => {
      if (!(await mayAssignEverywhere(tx, caller))) {
        throw new DomainError('permission-missing', { permission: 'velocity.user.assign' });
      }
      const begun = clock.now();
      const replicas = await tx.system.replicas();
      const latencyMs = clock.now() - begun;
      const [facts, examinations] = await Promise.all([tx.system.database(), tx.system.examinations()]);
      return { database: { ...facts, latencyMs }, replicas, examinations };
    });
    const { pools, jobs, uploads } = await readServiceStatus.run();
    return {
      version,
      uptimeSeconds: Math.floor((clock.now() - this.#startedAt) / 1000),
      database,
      pools: await Promise.all(pools.map(async (pool) => this.#poolView(pool))),
      replicas,
      jobs,
      uploads,
      lastDoctor: examinations.doctor ?? null,
      lastScrub: examinations.scrub ?? null,
    };
  }

  async #poolView(status: PoolStatus): Promise<PoolView> {
    const { stores, pools } = this.#dependencies;
    const free = await resultWithin(freeBytesOf(stores, status.id), FREE_TIMEOUT_MS);
    return { ...status, name: pools.find(({ id }) => id === status.id)?.name ?? '', free };
  }
}
