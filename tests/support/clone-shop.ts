import { randomUUID } from 'node:crypto';
import { ProcessClock } from '../../src/adapters/clock/process-clock.ts';
import { NodeRandom } from '../../src/adapters/random/node-random.ts';
import { PerformClone } from '../../src/application/jobs/perform-clone.ts';
import { RunJobs } from '../../src/application/jobs/run-jobs.ts';
import { Grace } from '../../src/application/maintenance/grace.ts';
import { HeldLeases } from '../../src/application/maintenance/held-leases.ts';
import { CloneMedia } from '../../src/application/media/clone-media.ts';
import { Purge } from '../../src/application/media/purge.ts';
import type { BlobStores } from '../../src/application/ports/blob-store.ts';
import type { MonotonicClock } from '../../src/application/ports/clock.ts';
import type { Pace } from '../../src/application/ports/pace.ts';
import type { InstanceId } from '../../src/domain/shared/ids.ts';
import { noteTally } from './noted-tally.ts';
import { until } from './until.ts';
import type { Yard } from './yard.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** One process that clones media, in which nothing goes on by itself. */
export interface CloneShop {
  /** What was counted. */
  readonly heard: readonly string[];
  readonly leases: HeldLeases;
  readonly clone: CloneMedia;
  readonly jobs: RunJobs;
  /** Begins what is due until nothing is, and resolves when it has ended. */
  finishJobs(): Promise<void>;
}

export interface CloneShopTerms {
  /** Seconds. */
  readonly lease?: number;
  readonly atOnce?: number;
  /** Where it stores bytes, if not where the yard does. */
  readonly stores?: BlobStores;
  readonly pace?: Pace;
  /** What tells it when to note how far a copy is. */
  readonly clock?: MonotonicClock;
  /** Seconds. */
  readonly rest?: number;
}

export function openCloneShop(
  { work, pools, stores: ownStores, depot }: Yard,
  {
    lease = 60,
    atOnce = 16,
    rest = 0,
    stores = ownStores,
    clock = new ProcessClock(),
    pace = { take: async () => Promise.resolve() },
  }: CloneShopTerms = {},
): CloneShop {
  const leases = new HeldLeases(work, new ProcessClock(), { holder: randomUUID() as InstanceId, seconds: lease });
  const purge = new Purge(work, stores, pools);
  const perform = new PerformClone(work, stores, pace, clock);
  const workers = { wake: () => undefined };
  // Whoever is judged was given no time: it judges from the second look on.
  const grace = new Grace(new ProcessClock(), { leaseSeconds: 0, graceSeconds: 0 });
  const { tally, heard } = noteTally();
  const terms = { atOnce, restSeconds: rest };
  const jobs = new RunJobs(work, stores, leases, grace, perform, purge, workers, tally, quiet, terms);
  return {
    heard,
    leases,
    clone: new CloneMedia(work, stores, pools, new NodeRandom(), workers),
    jobs,
    finishJobs: async () => {
      await until('all jobs have ended', async () => {
        await jobs.run();
        await jobs.idle();
        const [left] = await depot.work.run(async (tx) => tx.jobs.about(await allMedia(depot.knex)));
        return left === undefined;
      });
    },
  };
}

async function allMedia(knex: Yard['depot']['knex']): Promise<never[]> {
  const { rows } = await knex.raw<{ rows: { id: never }[] }>(
    'select source_media as id from jobs union select target_media from jobs',
  );
  return rows.map(({ id }) => id);
}
