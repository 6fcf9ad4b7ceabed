import type { ServiceIdentifier } from 'inversify';
import type { PartMemory } from '../../adapters/blobs/s3/part-memory.ts';
import type { Connections } from '../../adapters/postgres/database.ts';
import type { PrometheusMetrics } from '../../adapters/prometheus/prometheus-metrics.ts';
import type { VerifyCredentials } from '../../application/access/verify-credentials.ts';
import type { RecordDeniedAttempt } from '../../application/audit/record-denied-attempt.ts';
import type { RepeatedEventBudget } from '../../application/audit/repeated-event-budget.ts';
import type { ResizeDrive } from '../../application/drives/resize-drive.ts';
import type { Grace } from '../../application/leases/grace.ts';
import type { HeldLeases } from '../../application/leases/held-leases.ts';
import type { LibraryStatus } from '../../application/library/library-status.ts';
import type { LinkUses } from '../../application/links/link-uses.ts';
import type { LongLists } from '../../application/lists/long-lists.ts';
import type { DownloadMedia } from '../../application/media/download-media.ts';
import type { Ingest } from '../../application/media/ingest.ts';
import type { Purge } from '../../application/media/purge.ts';
import type { UploadMedia } from '../../application/media/upload-media.ts';
import type { UploadSlots } from '../../application/media/upload-slots.ts';
import type { BlobStores } from '../../application/ports/blob-store.ts';
import type { ChunkLinks } from '../../application/ports/chunk-links.ts';
import type { MonotonicClock, WallClock } from '../../application/ports/clock.ts';
import type { ImportSource } from '../../application/ports/import-source.ts';
import type { ImageFiles } from '../../application/ports/image-files.ts';
import type { Log } from '../../application/ports/log.ts';
import type { LoginLimit } from '../../application/ports/login-limit.ts';
import type { Metrics } from '../../application/ports/metrics.ts';
import type { NamedLocks } from '../../application/ports/named-locks.ts';
import type { PasswordHasher } from '../../application/ports/password-hasher.ts';
import type { Random } from '../../application/ports/random.ts';
import type { RateLimiter } from '../../application/ports/rate-limiter.ts';
import type { Removals } from '../../application/ports/removals.ts';
import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { VerifiedCredentials } from '../../application/ports/verified-credentials.ts';
import type { Workers } from '../../application/ports/workers.ts';
import type { ChunkLeases } from '../../application/uploads/chunk-leases.ts';
import type { ChunkSessions } from '../../application/uploads/chunk-sessions.ts';
import type { EndUpload } from '../../application/uploads/end-upload.ts';
import type { FinishUpload } from '../../application/uploads/finish-upload.ts';
import type { UploadCompletion } from '../../application/uploads/upload-completion.ts';
import type { UploadLeases } from '../../application/uploads/upload-leases.ts';
import type { UploadSessions } from '../../application/uploads/upload-sessions.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { InstanceId } from '../../domain/shared/ids.ts';
import type { Config } from '../config/config.ts';
import type { LibraryUpkeep } from '../server/library-upkeep.ts';
import type { Upkeep } from '../server/upkeep.ts';

/** A key of the container that only its own type fits: a wrong wire does not compile. */
type Token<T> = ServiceIdentifier<T>;

function token<T>(name: string): Token<T> {
  return Symbol(name);
}

/** One token per adapter, per part that holds state, and per part that several dialects share. */
export const T = {
  config: token<Config>('config'),
  connections: token<Connections>('connections'),
  instance: token<InstanceId>('instance'),
  pools: token<Pools>('pools'),

  chunkLinks: token<ChunkLinks>('chunkLinks'),
  clock: token<MonotonicClock & WallClock>('clock'),
  files: token<ImageFiles>('files'),
  hasher: token<PasswordHasher>('hasher'),
  importRate: token<RateLimiter>('importRate'),
  importSource: token<ImportSource>('importSource'),
  limit: token<LoginLimit>('limit'),
  locks: token<NamedLocks>('locks'),
  log: token<Log>('log'),
  metrics: token<Metrics>('metrics'),
  partMemory: token<PartMemory>('partMemory'),
  prometheus: token<PrometheusMetrics>('prometheus'),
  random: token<Random>('random'),
  rateLimiter: token<RateLimiter>('rateLimiter'),
  removals: token<Removals>('removals'),
  stores: token<BlobStores>('stores'),
  /** Has connections that requests cannot use up: for leases, readiness and upkeep. */
  upkeepWork: token<UnitOfWork>('upkeepWork'),
  verified: token<VerifiedCredentials>('verified'),
  /** For requests and the transfers that they start. */
  work: token<UnitOfWork>('work'),
  workers: token<Workers>('workers'),

  chunkLeases: token<ChunkLeases>('chunkLeases'),
  chunkSessions: token<ChunkSessions>('chunkSessions'),
  deniedAttempts: token<RecordDeniedAttempt>('deniedAttempts'),
  download: token<DownloadMedia>('download'),
  eventFilter: token<RepeatedEventBudget>('eventFilter'),
  libraryStatus: token<LibraryStatus>('libraryStatus'),
  grace: token<Grace>('grace'),
  ingest: token<Ingest>('ingest'),
  leases: token<HeldLeases>('leases'),
  libraryUpkeep: token<LibraryUpkeep>('libraryUpkeep'),
  linkUses: token<LinkUses>('linkUses'),
  lists: token<LongLists>('lists'),
  purge: token<Purge>('purge'),
  resize: token<ResizeDrive>('resize'),
  upkeep: token<Upkeep>('upkeep'),
  upload: token<UploadMedia>('upload'),
  uploadLeases: token<UploadLeases>('uploadLeases'),
  uploadSessions: token<UploadSessions>('uploadSessions'),
  uploadSlots: token<UploadSlots>('uploadSlots'),
  verify: token<VerifyCredentials>('verify'),
  /** The version of the program. */
  version: token<string>('version'),

  endUpload: token<EndUpload>('endUpload'),
  finishUpload: token<FinishUpload>('finishUpload'),
  uploadCompletion: token<UploadCompletion>('uploadCompletion'),
} as const;

type Tokens = typeof T;

/**
 * Everything in the container by name; one instance of each, created when it is first read. The
 * names are those of the dependencies of the use cases, so that `new UseCase(services)` wires them.
 */
export type Services = { readonly [Name in keyof Tokens]: Tokens[Name] extends Token<infer Service> ? Service : never };
