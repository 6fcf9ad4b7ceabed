import 'reflect-metadata';
import { Container } from 'inversify';
import { ProcessClock } from '../../adapters/clock/process-clock.ts';
import { NodeDigests } from '../../adapters/digests/node-digests.ts';
import { DiskImageFiles } from '../../adapters/image-files/disk-image-files.ts';
import { MemoryLoginLimit } from '../../adapters/login-limit/memory-login-limit.ts';
import { Argon2PasswordHasher } from '../../adapters/passwords/argon2-password-hasher.ts';
import type { Connections } from '../../adapters/postgres/database.ts';
import { PostgresNamedLocks } from '../../adapters/postgres/named-locks.ts';
import { PostgresUnitOfWork } from '../../adapters/postgres/unit-of-work.ts';
import { PrometheusMetrics } from '../../adapters/prometheus/prometheus-metrics.ts';
import { NodeRandom } from '../../adapters/random/node-random.ts';
import { SteadyRateLimiter } from '../../adapters/timer/steady-rate-limiter.ts';
import { MemoryVerifiedCredentials } from '../../adapters/verified-credentials/memory-verified-credentials.ts';
import { ExamineDepot } from '../../application/doctor/examine-depot.ts';
import { MendDepot } from '../../application/doctor/mend-depot.ts';
import { RepeatedEventBudget } from '../../application/audit/repeated-event-budget.ts';
import { ForgetEntries } from '../../application/audit/forget-entries.ts';
import { RecordDeniedAttempt } from '../../application/audit/record-denied-attempt.ts';
import { AddToLibrary } from '../../application/library/add-to-library.ts';
import { FirstPass } from '../../application/library/first-pass.ts';
import { ListLibrary } from '../../application/library/list-library.ts';
import { ListLicences } from '../../application/library/list-licences.ts';
import { PublishLibraryDrive } from '../../application/library/publish-library-drive.ts';
import { ReleaseWithdrawn } from '../../application/library/release-withdrawn.ts';
import { SyncLibrary } from '../../application/library/sync-library.ts';
import { ViewLibraryDrive } from '../../application/library/view-library-drive.ts';
import { LongLists } from '../../application/lists/long-lists.ts';
import { ForgetJobs } from '../../application/jobs/forget-jobs.ts';
import { PerformClone } from '../../application/jobs/perform-clone.ts';
import { RunJobs } from '../../application/jobs/run-jobs.ts';
import { CheckReadiness } from '../../application/maintenance/check-readiness.ts';
import { Grace } from '../../application/leases/grace.ts';
import { HeldLeases } from '../../application/leases/held-leases.ts';
import { ReapPredecessor } from '../../application/leases/reap-predecessor.ts';
import { ReconcileRestored } from '../../application/maintenance/reconcile-restored.ts';
import { Sweep } from '../../application/maintenance/sweep.ts';
import { ReadServiceStatus } from '../../application/maintenance/read-service-status.ts';
import { CreateMedia } from '../../application/media/create-media.ts';
import { DownloadMedia } from '../../application/media/download-media.ts';
import { DownloadSlots } from '../../application/media/download-slots.ts';
import { Ingest } from '../../application/media/ingest.ts';
import { ListMedia } from '../../application/media/list-media.ts';
import { Purge } from '../../application/media/purge.ts';
import { RemoveMedia } from '../../application/media/remove-media.ts';
import { UploadMedia } from '../../application/media/upload-media.ts';
import { ResizeDrive } from '../../application/drives/resize-drive.ts';
import { AssignPool } from '../../application/pools/assign-pool.ts';
import { ListPools } from '../../application/pools/list-pools.ts';
import { ListStorageTypes } from '../../application/pools/list-storage-types.ts';
import { DeriveCapacities } from '../../application/pools/derive-capacities.ts';
import { FindUnlimitedGroups } from '../../application/pools/find-unlimited-groups.ts';
import { PreparePools } from '../../application/pools/prepare-pools.ts';
import { RevokePool } from '../../application/pools/revoke-pool.ts';
import { LookAtBytes } from '../../application/scrub/look-at-bytes.ts';
import { ScrubDepot } from '../../application/scrub/scrub-depot.ts';
import { CallerShares } from '../../application/shares/caller-shares.ts';
import type { Log } from '../../application/ports/log.ts';
import type { OwnChannel } from '../../domain/audit/audit-event.ts';
import type { InstanceId } from '../../domain/shared/ids.ts';
import { openStores } from './blob-stores.ts';
import type { Config } from '../config/config.ts';
import { bindAccess } from './container-access.ts';
import { LibraryUpkeep } from '../server/library-upkeep.ts';
import { T, type Services } from './tokens.ts';
import { Upkeep } from '../server/upkeep.ts';

/** What is there before anything can be put together. */
export interface Foundations {
  readonly config: Config;
  readonly connections: Connections;
  readonly instance: InstanceId;
  readonly log: Log;
  /** Whether the audit calls this program itself a service or a command; without it a service. */
  readonly channel?: OwnChannel;
  /** Bounds how many long lists each user reads at once. */
  readonly lists?: LongLists;
}

/** Puts the program together. Nothing starts by this. */
export async function buildServices(foundations: Foundations): Promise<Services> {
  const { config, connections, instance, log, channel = 'system', lists = new LongLists() } = foundations;
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind(T.Config).toConstantValue(config);
  container.bind(T.Instance).toConstantValue(instance);
  container.bind(T.Connections).toConstantValue(connections);
  container.bind(T.Log).toConstantValue(log);
  container.bind(T.Pools).toConstantValue(config.pools);
  container.bind(T.LongLists).toConstantValue(lists);
  const { pool, searches, reserved } = connections;
  const shares = new CallerShares(pool.options.max);
  const searchShares = new CallerShares(searches.options.max);
  const { maxItems, maxDefinitionBytes } = config;
  const terms = { ownChannel: channel, maxItems, maxDefinitionBytes };
  const eventFilter = new RepeatedEventBudget();
  container.bind(T.RepeatedEventBudget).toConstantValue(eventFilter);
  const work = new PostgresUnitOfWork(pool, { ...terms, eventFilter, searches, shares, searchShares });
  container.bind(T.UnitOfWork).toConstantValue(work);
  container.bind(T.UpkeepWork).toConstantValue(new PostgresUnitOfWork(reserved, terms));
  const { stores, memory } = await openStores(config);
  container.bind(T.BlobStores).toConstantValue(stores);
  container.bind(T.PartMemory).toConstantValue(memory);
  bindAdapters(container);
  bindAccess(container, config);
  bindMedia(container, config);
  bindLibrary(container, config);
  bindJobs(container, config);
  bindMaintenance(container, config, instance);
  return container;
}

function bindAdapters(container: Container): void {
  container.bind(T.Clock).toResolvedValue(() => new ProcessClock());
  container.bind(T.ImageFiles).toResolvedValue(() => new DiskImageFiles());
  container.bind(T.LoginLimit).toResolvedValue(() => new MemoryLoginLimit());
  container.bind(T.Metrics).toResolvedValue(() => new PrometheusMetrics());
  container.bind(T.PasswordHasher).toResolvedValue(() => new Argon2PasswordHasher());
  container.bind(T.Random).toResolvedValue(() => new NodeRandom());
  container.bind(T.NamedLocks).toResolvedValue(({ pool }) => new PostgresNamedLocks(pool), [T.Connections]);
  container.bind(T.VerifiedCredentials).toResolvedValue(() => new MemoryVerifiedCredentials());
  // Asked for late, since what goes on by itself needs the very use cases that wake it.
  container.bind(T.Removals).toConstantValue({ wake: () => container.get(T.Upkeep).wake() });
}

function bindMedia(container: Container, config: Config): void {
  container.bind(T.AssignPool).toResolvedValue((work, pools) => new AssignPool(work, pools), [T.UnitOfWork, T.Pools]);
  container.bind(T.ListPools).toResolvedValue((work, pools) => new ListPools(work, pools), [T.UnitOfWork, T.Pools]);
  container.bind(T.ListStorageTypes).toResolvedValue((pools) => new ListStorageTypes(pools), [T.Pools]);
  container
    .bind(T.PreparePools)
    .toResolvedValue(
      (work, stores, pools) => new PreparePools(work, stores, pools),
      [T.UnitOfWork, T.BlobStores, T.Pools],
    );
  container.bind(T.RevokePool).toResolvedValue((work, pools) => new RevokePool(work, pools), [T.UnitOfWork, T.Pools]);

  container
    .bind(T.Ingest)
    .toResolvedValue(
      (work, stores, pools, leases, purge, random, log) =>
        new Ingest({ work, stores, pools, leases, purge, random, log }),
      [T.UnitOfWork, T.BlobStores, T.Pools, T.HeldLeases, T.Purge, T.Random, T.Log],
    );
  container.bind(T.CreateMedia).toResolvedValue((ingest) => new CreateMedia(ingest), [T.Ingest]);
  container
    .bind(T.UploadMedia)
    .toResolvedValue(
      (ingest, pools, metrics) =>
        new UploadMedia({ ingest, pools, maxUploads: config.uploadsAtOnce, metrics: metrics.work }),
      [T.Ingest, T.Pools, T.Metrics],
    );
  container.bind(T.DownloadMedia).toResolvedValue(
    (work, stores, metrics) =>
      new DownloadMedia({
        work,
        stores,
        slots: new DownloadSlots(config.downloadsAtOnce, metrics.work),
        servesDamaged: config.servesDamaged,
      }),
    [T.UnitOfWork, T.BlobStores, T.Metrics],
  );
  container.bind(T.ListMedia).toResolvedValue((work, lists) => new ListMedia(work, lists), [T.UnitOfWork, T.LongLists]);
  container
    .bind(T.Purge)
    .toResolvedValue((work, stores, pools) => new Purge(work, stores, pools), [T.UnitOfWork, T.BlobStores, T.Pools]);
  container
    .bind(T.RemoveMedia)
    .toResolvedValue(
      (work, purge, removals, log) => new RemoveMedia({ work, purge, removals, log }),
      [T.UnitOfWork, T.Purge, T.Removals, T.Log],
    );
}

function bindLibrary(container: Container, config: Config): void {
  container
    .bind(T.AddToLibrary)
    .toResolvedValue(
      (work, locks, publish) => new AddToLibrary(work, locks, publish),
      [T.UnitOfWork, T.NamedLocks, T.PublishLibraryDrive],
    );
  container.bind(T.FirstPass).toConstantValue(new FirstPass(config.library !== null));
  container.bind(T.ListLibrary).toResolvedValue((work) => new ListLibrary(work), [T.UnitOfWork]);
  container.bind(T.ListLicences).toResolvedValue((work) => new ListLicences(work), [T.UnitOfWork]);
  container.bind(T.ViewLibraryDrive).toResolvedValue((work) => new ViewLibraryDrive(work), [T.UnitOfWork]);
  container
    .bind(T.PublishLibraryDrive)
    .toResolvedValue(
      (work, ingest, download, purge, files, random) =>
        new PublishLibraryDrive({ work, ingest, download, purge, files, random }),
      [T.UnitOfWork, T.Ingest, T.DownloadMedia, T.Purge, T.ImageFiles, T.Random],
    );
  container
    .bind(T.ReleaseWithdrawn)
    .toResolvedValue(
      (work, purge, removals, log) => new ReleaseWithdrawn({ work, purge, removals, log }),
      [T.UpkeepWork, T.Purge, T.Removals, T.Log],
    );
  container
    .bind(T.SyncLibrary)
    .toResolvedValue(
      (work, locks, publish, release, log) => new SyncLibrary({ work, locks, publish, release, log }),
      [T.UnitOfWork, T.NamedLocks, T.PublishLibraryDrive, T.ReleaseWithdrawn, T.Log],
    );
  container
    .bind(T.LibraryUpkeep)
    .toResolvedValue(
      (sync, firstPass, log) => new LibraryUpkeep(sync, firstPass, log),
      [T.SyncLibrary, T.FirstPass, T.Log],
    );
}

function bindMaintenance(container: Container, config: Config, instance: InstanceId): void {
  const { leaseSeconds, leaseGraceSeconds } = config;
  container
    .bind(T.ResizeDrive)
    .toResolvedValue(
      (work, stores, leases, purge, log) => new ResizeDrive({ work, stores, leases, purge, log }),
      [T.UnitOfWork, T.BlobStores, T.HeldLeases, T.Purge, T.Log],
    );
  container
    .bind(T.CheckReadiness)
    .toResolvedValue(
      (work, stores, pools, firstPass) => new CheckReadiness({ work, stores, pools, firstPass }),
      [T.UpkeepWork, T.BlobStores, T.Pools, T.FirstPass],
    );
  container
    .bind(T.ExamineDepot)
    .toResolvedValue(
      (work, stores, pools) => new ExamineDepot({ work, stores, pools, leaseSeconds }),
      [T.UnitOfWork, T.BlobStores, T.Pools],
    );
  container
    .bind(T.MendDepot)
    .toResolvedValue(
      (work, stores, purge) => new MendDepot(work, stores, purge),
      [T.UnitOfWork, T.BlobStores, T.Purge],
    );
  container.bind(T.ScrubDepot).toResolvedValue(
    (work, stores, pools, locks) =>
      new ScrubDepot({
        work,
        stores,
        pools,
        locks,
        look: new LookAtBytes(new NodeDigests(), new SteadyRateLimiter(config.scrubRate)),
      }),
    [T.UnitOfWork, T.BlobStores, T.Pools, T.NamedLocks],
  );
  container
    .bind(T.HeldLeases)
    .toResolvedValue(
      (work, clock) => new HeldLeases(work, clock, { holder: instance, seconds: leaseSeconds }),
      [T.UpkeepWork, T.Clock],
    );
  container
    .bind(T.RecordDeniedAttempt)
    .toResolvedValue(
      (work, clock, log, eventFilter) => new RecordDeniedAttempt({ work, clock, log, eventFilter }),
      [T.UnitOfWork, T.Clock, T.Log, T.RepeatedEventBudget],
    );
  container
    .bind(T.DeriveCapacities)
    .toResolvedValue(
      (work, stores, pools, log) => new DeriveCapacities({ work, stores, pools, overcommit: config.overcommit, log }),
      [T.UpkeepWork, T.BlobStores, T.Pools, T.Log],
    );
  container.bind(T.FindUnlimitedGroups).toResolvedValue((work) => new FindUnlimitedGroups(work), [T.UpkeepWork]);
  container.bind(T.ForgetEntries).toResolvedValue((work) => new ForgetEntries(work, config.auditDays), [T.UpkeepWork]);
  container
    .bind(T.Grace)
    .toResolvedValue((clock) => new Grace(clock, { leaseSeconds, graceSeconds: leaseGraceSeconds }), [T.Clock]);
  container.bind(T.ReapPredecessor).toResolvedValue((work) => new ReapPredecessor(work), [T.UpkeepWork]);
  container
    .bind(T.ReconcileRestored)
    .toResolvedValue((work, stores) => new ReconcileRestored(work, stores, instance), [T.UpkeepWork, T.BlobStores]);
  container
    .bind(T.Sweep)
    .toResolvedValue(
      (work, stores, pools, purge, resize, grace, metrics, log) =>
        new Sweep({ work, stores, pools, purge, resize, grace, metrics: metrics.work, log }),
      [T.UpkeepWork, T.BlobStores, T.Pools, T.Purge, T.ResizeDrive, T.Grace, T.Metrics, T.Log],
    );
  container
    .bind(T.ReadServiceStatus)
    .toResolvedValue(
      (readiness, work, pools) => new ReadServiceStatus(readiness, work, pools),
      [T.CheckReadiness, T.UpkeepWork, T.Pools],
    );
  container.bind(T.Upkeep).toDynamicValue(() => {
    const chores = {
      leases: container.get(T.HeldLeases),
      sweep: container.get(T.Sweep),
      jobs: container.get(T.RunJobs),
      forgetAuthkeys: container.get(T.ForgetAuthkeys),
      forgetJobs: container.get(T.ForgetJobs),
      releaseWithdrawn: container.get(T.ReleaseWithdrawn),
      forgetEntries: container.get(T.ForgetEntries),
      recordDeniedAttempt: container.get(T.RecordDeniedAttempt),
      deriveCapacities: container.get(T.DeriveCapacities),
    };
    return new Upkeep(chores, leaseSeconds, container.get(T.Metrics).work, container.get(T.Log));
  });
}

function bindJobs(container: Container, config: Config): void {
  const terms = { atOnce: config.copiesAtOnce, restSeconds: 2 };
  container.bind(T.RateLimiter).toConstantValue(new SteadyRateLimiter(config.copyRate));
  container.bind(T.Workers).toConstantValue({ wake: () => container.get(T.Upkeep).workers.wake() });
  container.bind(T.ForgetJobs).toResolvedValue((work) => new ForgetJobs(work), [T.UpkeepWork]);
  container
    .bind(T.PerformClone)
    .toResolvedValue(
      (work, stores, rateLimiter, clock) => new PerformClone({ work, stores, rateLimiter, clock }),
      [T.UpkeepWork, T.BlobStores, T.RateLimiter, T.Clock],
    );
  container
    .bind(T.RunJobs)
    .toResolvedValue(
      (work, stores, leases, grace, perform, purge, workers, metrics, log) =>
        new RunJobs({ work, stores, leases, grace, perform, purge, workers, metrics: metrics.work, log, terms }),
      [T.UpkeepWork, T.BlobStores, T.HeldLeases, T.Grace, T.PerformClone, T.Purge, T.Workers, T.Metrics, T.Log],
    );
}
