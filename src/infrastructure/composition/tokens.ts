import type { ServiceIdentifier } from 'inversify';
import type { PartMemory } from '../../adapters/blobs/s3/part-memory.ts';
import type { Connections } from '../../adapters/postgres/database.ts';
import type { PrometheusMetrics } from '../../adapters/prometheus/prometheus-metrics.ts';
import type { Authenticate } from '../../application/access/authenticate.ts';
import type { ChangePassword } from '../../application/access/change-password.ts';
import type { CreateGroup } from '../../application/access/create-group.ts';
import type { CreateUser } from '../../application/access/create-user.ts';
import type { RevokeAuthkey } from '../../application/access/revoke-authkey.ts';
import type { EditProfile } from '../../application/access/edit-profile.ts';
import type { EnsureRoot } from '../../application/access/ensure-root.ts';
import type { ForgetAuthkeys } from '../../application/access/forget-authkeys.ts';
import type { GrantPermission } from '../../application/access/grant-permission.ts';
import type { LongLists } from '../../application/lists/long-lists.ts';
import type { ListGroups } from '../../application/access/list-groups.ts';
import type { ListUsers } from '../../application/access/list-users.ts';
import type { LogIn } from '../../application/access/log-in.ts';
import type { AuthenticateWithPassword } from '../../application/access/authenticate-with-password.ts';
import type { RemoveGroup } from '../../application/access/remove-group.ts';
import type { RemoveUser } from '../../application/access/remove-user.ts';
import type { SetHomeGroup } from '../../application/access/set-home-group.ts';
import type { RotateAuthkey } from '../../application/access/rotate-authkey.ts';
import type { RevokePermission } from '../../application/access/revoke-permission.ts';
import type { VerifyCredentials } from '../../application/access/verify-credentials.ts';
import type { ViewGroup } from '../../application/access/view-group.ts';
import type { ViewProfile } from '../../application/access/view-profile.ts';
import type { ViewUser } from '../../application/access/view-user.ts';
import type { ExamineDepot } from '../../application/doctor/examine-depot.ts';
import type { MendDepot } from '../../application/doctor/mend-depot.ts';
import type { DeriveCapacities } from '../../application/pools/derive-capacities.ts';
import type { FindUnlimitedGroups } from '../../application/pools/find-unlimited-groups.ts';
import type { ForgetEntries } from '../../application/audit/forget-entries.ts';
import type { RepeatedEventBudget } from '../../application/audit/repeated-event-budget.ts';
import type { RecordDeniedAttempt } from '../../application/audit/record-denied-attempt.ts';
import type { AddToLibrary } from '../../application/library/add-to-library.ts';
import type { FirstPass } from '../../application/library/first-pass.ts';
import type { ListLibrary } from '../../application/library/list-library.ts';
import type { ListLicences } from '../../application/library/list-licences.ts';
import type { PublishLibraryDrive } from '../../application/library/publish-library-drive.ts';
import type { ReleaseWithdrawn } from '../../application/library/release-withdrawn.ts';
import type { SyncLibrary } from '../../application/library/sync-library.ts';
import type { ViewLibraryDrive } from '../../application/library/view-library-drive.ts';
import type { ForgetJobs } from '../../application/jobs/forget-jobs.ts';
import type { PerformClone } from '../../application/jobs/perform-clone.ts';
import type { RunJobs } from '../../application/jobs/run-jobs.ts';
import type { CheckReadiness } from '../../application/maintenance/check-readiness.ts';
import type { Grace } from '../../application/leases/grace.ts';
import type { HeldLeases } from '../../application/leases/held-leases.ts';
import type { ReapPredecessor } from '../../application/leases/reap-predecessor.ts';
import type { ReconcileRestored } from '../../application/maintenance/reconcile-restored.ts';
import type { Sweep } from '../../application/maintenance/sweep.ts';
import type { ReadServiceStatus } from '../../application/maintenance/read-service-status.ts';
import type { CreateMedia } from '../../application/media/create-media.ts';
import type { DownloadMedia } from '../../application/media/download-media.ts';
import type { Ingest } from '../../application/media/ingest.ts';
import type { ListMedia } from '../../application/media/list-media.ts';
import type { Purge } from '../../application/media/purge.ts';
import type { RemoveMedia } from '../../application/media/remove-media.ts';
import type { UploadMedia } from '../../application/media/upload-media.ts';
import type { ResizeDrive } from '../../application/drives/resize-drive.ts';
import type { AbortUpload } from '../../application/uploads/abort-upload.ts';
import type { AppendToUpload } from '../../application/uploads/append-to-upload.ts';
import type { CreateUpload } from '../../application/uploads/create-upload.ts';
import type { ViewUpload } from '../../application/uploads/view-upload.ts';
import type { AssignPool } from '../../application/pools/assign-pool.ts';
import type { ListPools } from '../../application/pools/list-pools.ts';
import type { ListStorageTypes } from '../../application/pools/list-storage-types.ts';
import type { PreparePools } from '../../application/pools/prepare-pools.ts';
import type { RevokePool } from '../../application/pools/revoke-pool.ts';
import type { BlobStores } from '../../application/ports/blob-store.ts';
import type { MonotonicClock } from '../../application/ports/clock.ts';
import type { ScrubDepot } from '../../application/scrub/scrub-depot.ts';
import type { ImageFiles } from '../../application/ports/image-files.ts';
import type { Log } from '../../application/ports/log.ts';
import type { LoginLimit } from '../../application/ports/login-limit.ts';
import type { RateLimiter } from '../../application/ports/rate-limiter.ts';
import type { PasswordHasher } from '../../application/ports/password-hasher.ts';
import type { Random } from '../../application/ports/random.ts';
import type { Removals } from '../../application/ports/removals.ts';
import type { NamedLocks } from '../../application/ports/named-locks.ts';
import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { Workers } from '../../application/ports/workers.ts';
import type { VerifiedCredentials } from '../../application/ports/verified-credentials.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { InstanceId } from '../../domain/shared/ids.ts';
import type { Config } from '../config/config.ts';
import type { LibraryUpkeep } from '../server/library-upkeep.ts';
import type { Upkeep } from '../server/upkeep.ts';

/** A name for a part that only its own type fits, so that a wrong wire does not compile. */
export type Token<T> = ServiceIdentifier<T>;

/** The program, put together. */
export interface Services {
  get<T>(token: Token<T>): T;
}

function token<T>(name: string): Token<T> {
  return Symbol(name);
}

export const T = {
  Config: token<Config>('Config'),
  Instance: token<InstanceId>('Instance'),
  /** All of them, by what they are for. */
  Connections: token<Connections>('Connections'),
  Pools: token<Pools>('Pools'),

  BlobStores: token<BlobStores>('BlobStores'),
  Clock: token<MonotonicClock>('Clock'),
  ImageFiles: token<ImageFiles>('ImageFiles'),
  Log: token<Log>('Log'),
  LoginLimit: token<LoginLimit>('LoginLimit'),
  Metrics: token<PrometheusMetrics>('Metrics'),
  RateLimiter: token<RateLimiter>('Pace'),
  PartMemory: token<PartMemory>('PartMemory'),
  PasswordHasher: token<PasswordHasher>('PasswordHasher'),
  Random: token<Random>('Random'),
  Removals: token<Removals>('Removals'),
  NamedLocks: token<NamedLocks>('Turns'),
  /** For requests, and what they begin. */
  UnitOfWork: token<UnitOfWork>('UnitOfWork'),
  /** With connections that no request takes: for leases, readiness and upkeep. */
  UpkeepWork: token<UnitOfWork>('UpkeepWork'),
  VerifiedCredentials: token<VerifiedCredentials>('VerifiedCredentials'),
  Workers: token<Workers>('Workers'),

  Authenticate: token<Authenticate>('Authenticate'),
  ChangePassword: token<ChangePassword>('ChangePassword'),
  CreateGroup: token<CreateGroup>('CreateGroup'),
  CreateUser: token<CreateUser>('CreateUser'),
  RevokeAuthkey: token<RevokeAuthkey>('RevokeAuthkey'),
  EditProfile: token<EditProfile>('EditProfile'),
  EnsureRoot: token<EnsureRoot>('EnsureRoot'),
  ForgetAuthkeys: token<ForgetAuthkeys>('ForgetAuthkeys'),
  GrantPermission: token<GrantPermission>('GrantPermission'),
  ListGroups: token<ListGroups>('ListGroups'),
  ListUsers: token<ListUsers>('ListUsers'),
  LogIn: token<LogIn>('LogIn'),
  AuthenticateWithPassword: token<AuthenticateWithPassword>('Recognise'),
  RemoveGroup: token<RemoveGroup>('RemoveGroup'),
  SetHomeGroup: token<SetHomeGroup>('SetHomeGroup'),
  RemoveUser: token<RemoveUser>('RemoveUser'),
  RotateAuthkey: token<RotateAuthkey>('RotateAuthkey'),
  RevokePermission: token<RevokePermission>('RevokePermission'),
  VerifyCredentials: token<VerifyCredentials>('VerifyCredentials'),
  ViewGroup: token<ViewGroup>('ViewGroup'),
  ViewProfile: token<ViewProfile>('ViewProfile'),
  ViewUser: token<ViewUser>('ViewUser'),

  AssignPool: token<AssignPool>('AssignPool'),
  ListPools: token<ListPools>('ListPools'),
  ListStorageTypes: token<ListStorageTypes>('ListStorageTypes'),
  PreparePools: token<PreparePools>('PreparePools'),
  RevokePool: token<RevokePool>('RevokePool'),

  CreateMedia: token<CreateMedia>('CreateMedia'),
  DownloadMedia: token<DownloadMedia>('DownloadMedia'),
  Ingest: token<Ingest>('Intake'),
  LongLists: token<LongLists>('LongLists'),
  ListMedia: token<ListMedia>('ListMedia'),
  Purge: token<Purge>('Purge'),
  RemoveMedia: token<RemoveMedia>('RemoveMedia'),
  UploadMedia: token<UploadMedia>('UploadMedia'),
  AbortUpload: token<AbortUpload>('AbortUpload'),
  AppendToUpload: token<AppendToUpload>('AppendToUpload'),
  CreateUpload: token<CreateUpload>('CreateUpload'),
  ViewUpload: token<ViewUpload>('ViewUpload'),
  ResizeDrive: token<ResizeDrive>('ResizeDrive'),

  AddToLibrary: token<AddToLibrary>('AddToLibrary'),
  FirstPass: token<FirstPass>('FirstPass'),
  LibraryUpkeep: token<LibraryUpkeep>('LibraryUpkeep'),
  ListLibrary: token<ListLibrary>('ListLibrary'),
  ListLicences: token<ListLicences>('ListLicences'),
  PublishLibraryDrive: token<PublishLibraryDrive>('PublishLibraryDrive'),
  ReleaseWithdrawn: token<ReleaseWithdrawn>('ReleaseWithdrawn'),
  SyncLibrary: token<SyncLibrary>('SyncLibrary'),
  ViewLibraryDrive: token<ViewLibraryDrive>('ViewLibraryDrive'),

  ForgetJobs: token<ForgetJobs>('ForgetJobs'),
  PerformClone: token<PerformClone>('PerformClone'),
  RunJobs: token<RunJobs>('RunJobs'),

  DeriveCapacities: token<DeriveCapacities>('DeriveCapacities'),
  FindUnlimitedGroups: token<FindUnlimitedGroups>('FindUnlimitedGroups'),
  ForgetEntries: token<ForgetEntries>('ForgetEntries'),
  RepeatedEventBudget: token<RepeatedEventBudget>('DeedBudget'),
  RecordDeniedAttempt: token<RecordDeniedAttempt>('RecordDeniedAttempt'),
  CheckReadiness: token<CheckReadiness>('CheckReadiness'),
  ExamineDepot: token<ExamineDepot>('ExamineDepot'),
  MendDepot: token<MendDepot>('MendDepot'),
  Grace: token<Grace>('Grace'),
  HeldLeases: token<HeldLeases>('HeldLeases'),
  ReapPredecessor: token<ReapPredecessor>('ReapPredecessor'),
  ReconcileRestored: token<ReconcileRestored>('ReconcileRestored'),
  ScrubDepot: token<ScrubDepot>('ScrubDepot'),
  Sweep: token<Sweep>('Sweep'),
  ReadServiceStatus: token<ReadServiceStatus>('ReadServiceStatus'),
  Upkeep: token<Upkeep>('Upkeep'),
} as const;
