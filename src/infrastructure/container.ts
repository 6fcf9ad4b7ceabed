import 'reflect-metadata';
import { Container } from 'inversify';
import type { Knex } from 'knex';
import { PartMemory } from '../adapters/blobs/s3/part-memory.ts';
import { ProcessClock } from '../adapters/clock/process-clock.ts';
import { DiskImageFiles } from '../adapters/image-files/disk-image-files.ts';
import { MemoryLoginLimit } from '../adapters/login-limit/memory-login-limit.ts';
import { Argon2PasswordHasher } from '../adapters/passwords/argon2-password-hasher.ts';
import { PostgresTurns } from '../adapters/postgres/turns.ts';
import { PostgresUnitOfWork } from '../adapters/postgres/unit-of-work.ts';
import { PrometheusMetrics } from '../adapters/prometheus/prometheus-metrics.ts';
import { NodeRandom } from '../adapters/random/node-random.ts';
import { SteadyPace } from '../adapters/timer/steady-pace.ts';
import { MemoryVerifiedCredentials } from '../adapters/verified-credentials/memory-verified-credentials.ts';
import { Authenticate } from '../application/access/authenticate.ts';
import { ChangePassword } from '../application/access/change-password.ts';
import { CreateGroup } from '../application/access/create-group.ts';
import { CreateUser } from '../application/access/create-user.ts';
import { DropAuthkey } from '../application/access/drop-authkey.ts';
import { EditProfile } from '../application/access/edit-profile.ts';
import { EnsureRoot } from '../application/access/ensure-root.ts';
import { ForgetAuthkeys } from '../application/access/forget-authkeys.ts';
import { GivePermission } from '../application/access/give-permission.ts';
import { ListGroups } from '../application/access/list-groups.ts';
import { ListUsers } from '../application/access/list-users.ts';
import { LogIn } from '../application/access/log-in.ts';
import { Recognise } from '../application/access/recognise.ts';
import { RemoveGroup } from '../application/access/remove-group.ts';
import { RemoveUser } from '../application/access/remove-user.ts';
import { SwapAuthkey } from '../application/access/swap-authkey.ts';
import { TakePermission } from '../application/access/take-permission.ts';
import { VerifyCredentials } from '../application/access/verify-credentials.ts';
import { ViewGroup } from '../application/access/view-group.ts';
import { ViewProfile } from '../application/access/view-profile.ts';
import { ViewUser } from '../application/access/view-user.ts';
import { ExamineDepot } from '../application/doctor/examine-depot.ts';
import { MendDepot } from '../application/doctor/mend-depot.ts';
import { AddToLibrary } from '../application/library/add-to-library.ts';
import { FirstPass } from '../application/library/first-pass.ts';
import { ListLibrary } from '../application/library/list-library.ts';
import { ListLicences } from '../application/library/list-licences.ts';
import { PublishLibraryDrive } from '../application/library/publish-library-drive.ts';
import { ReleaseWithdrawn } from '../application/library/release-withdrawn.ts';
import { SyncLibrary } from '../application/library/sync-library.ts';
import { ViewLibraryDrive } from '../application/library/view-library-drive.ts';
import { ForgetJobs } from '../application/jobs/forget-jobs.ts';
import { PerformClone } from '../application/jobs/perform-clone.ts';
import { RunJobs } from '../application/jobs/run-jobs.ts';
import { CheckReadiness } from '../application/maintenance/check-readiness.ts';
import { Grace } from '../application/maintenance/grace.ts';
import { HeldLeases } from '../application/maintenance/held-leases.ts';
import { ReapPredecessor } from '../application/maintenance/reap-predecessor.ts';
import { Sweep } from '../application/maintenance/sweep.ts';
import { TakeStock } from '../application/maintenance/take-stock.ts';
import { CreateMedia } from '../application/media/create-media.ts';
import { DownloadMedia } from '../application/media/download-media.ts';
import { Intake } from '../application/media/intake.ts';
import { ListMedia } from '../application/media/list-media.ts';
import { Purge } from '../application/media/purge.ts';
import { RemoveMedia } from '../application/media/remove-media.ts';
import { UploadMedia } from '../application/media/upload-media.ts';
import { ResizeMedia } from '../application/media/resize-media.ts';
import { AssignPool } from '../application/pools/assign-pool.ts';
import { ListPools } from '../application/pools/list-pools.ts';
import { ListStorageTypes } from '../application/pools/list-storage-types.ts';
import { PreparePools } from '../application/pools/prepare-pools.ts';
import { RevokePool } from '../application/pools/revoke-pool.ts';
import type { Log } from '../application/ports/log.ts';
import type { InstanceId } from '../domain/shared/ids.ts';
import type { Config } from './config.ts';
import { LibraryUpkeep } from './library-upkeep.ts';
import { storesOf } from './stores.ts';
import { T, type Parts } from './tokens.ts';
import { Upkeep } from './upkeep.ts';

/** What is there before anything can be put together. */
export interface Foundations {
  readonly config: Config;
  readonly knex: Knex;
  readonly instance: InstanceId;
  readonly log: Log;
}

/** Puts the program together. Nothing starts by this. */
export function buildParts({ config, knex, instance, log }: Foundations): Parts {
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind(T.Config).toConstantValue(config);
  container.bind(T.Instance).toConstantValue(instance);
  container.bind(T.Knex).toConstantValue(knex);
  container.bind(T.Log).toConstantValue(log);
  container.bind(T.Pools).toConstantValue(config.pools);
  bindAdapters(container, config);
  bindAccess(container, config);
  bindMedia(container, config);
  bindLibrary(container, config);
  bindJobs(container, config);
  bindMaintenance(container, config, instance);
  return container;
}

function bindAdapters(container: Container, config: Config): void {
  container.bind(T.BlobStores).toResolvedValue((memory) => storesOf(config, memory), [T.PartMemory]);
  container.bind(T.Clock).toResolvedValue(() => new ProcessClock());
  container.bind(T.ImageFiles).toResolvedValue(() => new DiskImageFiles());
  container.bind(T.LoginLimit).toResolvedValue(() => new MemoryLoginLimit());
  container.bind(T.Metrics).toResolvedValue(() => new PrometheusMetrics());
  container.bind(T.PartMemory).toConstantValue(new PartMemory(config.s3Memory));
  container.bind(T.PasswordHasher).toResolvedValue(() => new Argon2PasswordHasher());
  container.bind(T.Random).toResolvedValue(() => new NodeRandom());
  container.bind(T.Turns).toResolvedValue((knex) => new PostgresTurns(knex), [T.Knex]);
  container.bind(T.UnitOfWork).toResolvedValue((knex) => new PostgresUnitOfWork(knex), [T.Knex]);
  container.bind(T.VerifiedCredentials).toResolvedValue(() => new MemoryVerifiedCredentials());
  // Asked for late, since what goes on by itself needs the very use cases that wake it.
  container.bind(T.Removals).toConstantValue({ wake: () => container.get(T.Upkeep).wake() });
}

function bindAccess(container: Container, { authkeySeconds }: Config): void {
  container
    .bind(T.Authenticate)
    .toResolvedValue((work, random) => new Authenticate(work, random), [T.UnitOfWork, T.Random]);
  container
    .bind(T.ChangePassword)
    .toResolvedValue((work, hasher) => new ChangePassword(work, hasher), [T.UnitOfWork, T.PasswordHasher]);
  container.bind(T.CreateGroup).toResolvedValue((work) => new CreateGroup(work), [T.UnitOfWork]);
  container
    .bind(T.CreateUser)
    .toResolvedValue((work, hasher) => new CreateUser(work, hasher), [T.UnitOfWork, T.PasswordHasher]);
  container
    .bind(T.DropAuthkey)
    .toResolvedValue((work, random) => new DropAuthkey(work, random), [T.UnitOfWork, T.Random]);
  container
    .bind(T.EnsureRoot)
    .toResolvedValue(
      (work, hasher, random) => new EnsureRoot(work, hasher, random),
      [T.UnitOfWork, T.PasswordHasher, T.Random],
    );
  container.bind(T.ForgetAuthkeys).toResolvedValue((work) => new ForgetAuthkeys(work), [T.UnitOfWork]);
  container.bind(T.GivePermission).toResolvedValue((work) => new GivePermission(work), [T.UnitOfWork]);
  container.bind(T.ListGroups).toResolvedValue((work) => new ListGroups(work), [T.UnitOfWork]);
  container.bind(T.ListUsers).toResolvedValue((work) => new ListUsers(work), [T.UnitOfWork]);
  container
    .bind(T.LogIn)
    .toResolvedValue(
      (verify, work, random) => new LogIn(verify, work, random, authkeySeconds),
      [T.VerifyCredentials, T.UnitOfWork, T.Random],
    );
  container
    .bind(T.Recognise)
    .toResolvedValue(
      (verify, verified) => new Recognise(verify, verified),
      [T.VerifyCredentials, T.VerifiedCredentials],
    );
  container
    .bind(T.VerifyCredentials)
    .toResolvedValue(
      (work, limit, hasher) => new VerifyCredentials(work, limit, hasher),
      [T.UnitOfWork, T.LoginLimit, T.PasswordHasher],
    );
  container
    .bind(T.RemoveGroup)
    .toResolvedValue((work, removals) => new RemoveGroup(work, removals), [T.UnitOfWork, T.Removals]);
  container.bind(T.RemoveUser).toResolvedValue((work) => new RemoveUser(work), [T.UnitOfWork]);
  container
    .bind(T.SwapAuthkey)
    .toResolvedValue((work, random) => new SwapAuthkey(work, random, authkeySeconds), [T.UnitOfWork, T.Random]);
  container.bind(T.TakePermission).toResolvedValue((work) => new TakePermission(work), [T.UnitOfWork]);
  container.bind(T.ViewGroup).toResolvedValue((work) => new ViewGroup(work), [T.UnitOfWork]);
  container.bind(T.EditProfile).toResolvedValue((work) => new EditProfile(work), [T.UnitOfWork]);
  container.bind(T.ViewProfile).toResolvedValue((work) => new ViewProfile(work), [T.UnitOfWork]);
  container.bind(T.ViewUser).toResolvedValue((work) => new ViewUser(work), [T.UnitOfWork]);
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
    .bind(T.Intake)
    .toResolvedValue(
      (work, stores, pools, leases, purge, random, log) => new Intake(work, stores, pools, leases, purge, random, log),
      [T.UnitOfWork, T.BlobStores, T.Pools, T.HeldLeases, T.Purge, T.Random, T.Log],
    );
  container.bind(T.CreateMedia).toResolvedValue((intake) => new CreateMedia(intake), [T.Intake]);
  container
    .bind(T.UploadMedia)
    .toResolvedValue(
      (intake, pools, metrics) => new UploadMedia(intake, pools, config.uploadsAtOnce, metrics.work),
      [T.Intake, T.Pools, T.Metrics],
    );
  container
    .bind(T.DownloadMedia)
    .toResolvedValue((work, stores) => new DownloadMedia(work, stores), [T.UnitOfWork, T.BlobStores]);
  container.bind(T.ListMedia).toResolvedValue((work) => new ListMedia(work), [T.UnitOfWork]);
  container
    .bind(T.Purge)
    .toResolvedValue((work, stores, pools) => new Purge(work, stores, pools), [T.UnitOfWork, T.BlobStores, T.Pools]);
  container
    .bind(T.RemoveMedia)
    .toResolvedValue(
      (work, purge, removals, log) => new RemoveMedia(work, purge, removals, log),
      [T.UnitOfWork, T.Purge, T.Removals, T.Log],
    );
}

function bindLibrary(container: Container, config: Config): void {
  container
    .bind(T.AddToLibrary)
    .toResolvedValue(
      (work, turns, publish) => new AddToLibrary(work, turns, publish),
      [T.UnitOfWork, T.Turns, T.PublishLibraryDrive],
    );
  container.bind(T.FirstPass).toConstantValue(new FirstPass(config.library !== null));
  container.bind(T.ListLibrary).toResolvedValue((work) => new ListLibrary(work), [T.UnitOfWork]);
  container.bind(T.ListLicences).toResolvedValue((work) => new ListLicences(work), [T.UnitOfWork]);
  container.bind(T.ViewLibraryDrive).toResolvedValue((work) => new ViewLibraryDrive(work), [T.UnitOfWork]);
  container
    .bind(T.PublishLibraryDrive)
    .toResolvedValue(
      (work, intake, download, purge, files, random, pools) =>
        new PublishLibraryDrive(work, intake, download, purge, files, random, pools),
      [T.UnitOfWork, T.Intake, T.DownloadMedia, T.Purge, T.ImageFiles, T.Random, T.Pools],
    );
  container
    .bind(T.ReleaseWithdrawn)
    .toResolvedValue(
      (work, purge, removals, log) => new ReleaseWithdrawn(work, purge, removals, log),
      [T.UnitOfWork, T.Purge, T.Removals, T.Log],
    );
  container
    .bind(T.SyncLibrary)
    .toResolvedValue(
      (work, turns, publish, release, log) => new SyncLibrary(work, turns, publish, release, log),
      [T.UnitOfWork, T.Turns, T.PublishLibraryDrive, T.ReleaseWithdrawn, T.Log],
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
    .bind(T.ResizeMedia)
    .toResolvedValue(
      (work, stores, leases, purge, log) => new ResizeMedia(work, stores, leases, purge, log),
      [T.UnitOfWork, T.BlobStores, T.HeldLeases, T.Purge, T.Log],
    );
  container
    .bind(T.CheckReadiness)
    .toResolvedValue(
      (work, stores, pools, firstPass) => new CheckReadiness(work, stores, pools, firstPass),
      [T.UnitOfWork, T.BlobStores, T.Pools, T.FirstPass],
    );
  container
    .bind(T.ExamineDepot)
    .toResolvedValue(
      (work, stores, pools) => new ExamineDepot(work, stores, pools, leaseSeconds),
      [T.UnitOfWork, T.BlobStores, T.Pools],
    );
  container
    .bind(T.MendDepot)
    .toResolvedValue(
      (work, stores, purge) => new MendDepot(work, stores, purge),
      [T.UnitOfWork, T.BlobStores, T.Purge],
    );
  container
    .bind(T.HeldLeases)
    .toResolvedValue(
      (work, clock) => new HeldLeases(work, clock, { holder: instance, seconds: leaseSeconds }),
      [T.UnitOfWork, T.Clock],
    );
  container
    .bind(T.Grace)
    .toResolvedValue((clock) => new Grace(clock, { leaseSeconds, graceSeconds: leaseGraceSeconds }), [T.Clock]);
  container.bind(T.ReapPredecessor).toResolvedValue((work) => new ReapPredecessor(work), [T.UnitOfWork]);
  container
    .bind(T.Sweep)
    .toResolvedValue(
      (work, purge, resize, grace, metrics, log) => new Sweep(work, purge, resize, grace, metrics.work, log),
      [T.UnitOfWork, T.Purge, T.ResizeMedia, T.Grace, T.Metrics, T.Log],
    );
  container
    .bind(T.TakeStock)
    .toResolvedValue(
      (readiness, work, pools) => new TakeStock(readiness, work, pools),
      [T.CheckReadiness, T.UnitOfWork, T.Pools],
    );
  container
    .bind(T.Upkeep)
    .toResolvedValue(
      (leases, sweep, jobs, forgetAuthkeys, forgetJobs, releaseWithdrawn, metrics, log) =>
        new Upkeep(
          { leases, sweep, jobs, forgetAuthkeys, forgetJobs, releaseWithdrawn },
          leaseSeconds,
          metrics.work,
          log,
        ),
      [T.HeldLeases, T.Sweep, T.RunJobs, T.ForgetAuthkeys, T.ForgetJobs, T.ReleaseWithdrawn, T.Metrics, T.Log],
    );
}

function bindJobs(container: Container, config: Config): void {
  const terms = { atOnce: config.copiesAtOnce, restSeconds: 2 };
  container.bind(T.Pace).toConstantValue(new SteadyPace(config.copyRate));
  container.bind(T.Workers).toConstantValue({ wake: () => container.get(T.Upkeep).workers.wake() });
  container.bind(T.ForgetJobs).toResolvedValue((work) => new ForgetJobs(work), [T.UnitOfWork]);
  container
    .bind(T.PerformClone)
    .toResolvedValue(
      (work, stores, pace, clock) => new PerformClone(work, stores, pace, clock),
      [T.UnitOfWork, T.BlobStores, T.Pace, T.Clock],
    );
  container
    .bind(T.RunJobs)
    .toResolvedValue(
      (work, stores, leases, grace, perform, purge, workers, metrics, log) =>
        new RunJobs(work, stores, leases, grace, perform, purge, workers, metrics.work, log, terms),
      [T.UnitOfWork, T.BlobStores, T.HeldLeases, T.Grace, T.PerformClone, T.Purge, T.Workers, T.Metrics, T.Log],
    );
}
