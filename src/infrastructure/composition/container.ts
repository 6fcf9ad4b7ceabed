import 'reflect-metadata';
import { Container } from 'inversify';
import { ProcessClock } from '../../adapters/clock/process-clock.ts';
import { DiskImageFiles } from '../../adapters/image-files/disk-image-files.ts';
import { HttpImportSource, SOURCE_TIMEOUTS } from '../../adapters/import-source/http-import-source.ts';
import { nameResolver } from '../../adapters/import-source/name-resolver.ts';
import { PermittedAddresses } from '../../adapters/import-source/permitted-addresses.ts';
import { MemoryLoginLimit } from '../../adapters/login-limit/memory-login-limit.ts';
import { Argon2PasswordHasher } from '../../adapters/passwords/argon2-password-hasher.ts';
import type { Connections } from '../../adapters/postgres/database.ts';
import { PostgresNamedLocks } from '../../adapters/postgres/named-locks.ts';
import { signingKey } from '../../adapters/postgres/signing-keys.ts';
import { PostgresUnitOfWork } from '../../adapters/postgres/unit-of-work.ts';
import { PrometheusMetrics } from '../../adapters/prometheus/prometheus-metrics.ts';
import { NodeRandom } from '../../adapters/random/node-random.ts';
import { HmacChunkLinks } from '../../adapters/signed-links/hmac-chunk-links.ts';
import { SteadyRateLimiter } from '../../adapters/timer/steady-rate-limiter.ts';
import { MemoryVerifiedCredentials } from '../../adapters/verified-credentials/memory-verified-credentials.ts';
import { VerifyCredentials } from '../../application/access/verify-credentials.ts';
import { RecordDeniedAttempt } from '../../application/audit/record-denied-attempt.ts';
import { RepeatedEventBudget } from '../../application/audit/repeated-event-budget.ts';
import { ResizeDrive } from '../../application/drives/resize-drive.ts';
import { Grace } from '../../application/leases/grace.ts';
import { HeldLeases } from '../../application/leases/held-leases.ts';
import { LibraryStatus } from '../../application/library/library-status.ts';
import { LinkUses } from '../../application/links/link-uses.ts';
import { LongLists } from '../../application/lists/long-lists.ts';
import { DownloadMedia } from '../../application/media/download-media.ts';
import { DownloadSlots } from '../../application/media/download-slots.ts';
import { Ingest } from '../../application/media/ingest.ts';
import { Purge } from '../../application/media/purge.ts';
import { UploadMedia } from '../../application/media/upload-media.ts';
import { UploadSlots } from '../../application/media/upload-slots.ts';
import { ChunkLeases } from '../../application/uploads/chunk-leases.ts';
import { ChunkSessions } from '../../application/uploads/chunk-sessions.ts';
import { EndUpload } from '../../application/uploads/end-upload.ts';
import { FinishUpload } from '../../application/uploads/finish-upload.ts';
import { UploadCompletion } from '../../application/uploads/upload-completion.ts';
import { UploadLeases } from '../../application/uploads/upload-leases.ts';
import { UploadSessions } from '../../application/uploads/upload-sessions.ts';
import type { Log } from '../../application/ports/log.ts';
import { CallerShares } from '../../application/shares/caller-shares.ts';
import { YieldingUnitOfWork } from '../../application/trash/yielding-unit-of-work.ts';
import type { OwnChannel } from '../../domain/audit/audit-event.ts';
import type { InstanceId } from '../../domain/shared/ids.ts';
import type { Config } from '../config/config.ts';
import { programVersion } from '../program-version.ts';
import { LibraryUpkeep } from '../server/library-upkeep.ts';
import { Upkeep } from '../server/upkeep.ts';
import { openStores } from './blob-stores.ts';
import { libraryUseCases } from './library-use-cases.ts';
import { T, type Services } from './tokens.ts';
import { upkeepChores } from './upkeep-chores.ts';

/** Short, so that another replica continues an upload soon after one died. */
const UPLOAD_LEASE_SECONDS = 5;

/** What the services are built from. */
export interface Foundations {
  readonly config: Config;
  readonly connections: Connections;
  readonly instance: InstanceId;
  readonly log: Log;
  /** The channel of audit events that no caller caused; `system` by default. */
  readonly channel?: OwnChannel;
  /** Bounds how many long lists each user reads at once. */
  readonly lists?: LongLists;
}

/** Builds the services. Starts nothing. */
export async function buildServices(foundations: Foundations): Promise<Services> {
  const container = new Container({ defaultScope: 'Singleton' });
  const services = servicesOf(container);
  const { stores, memory } = await openStores(foundations.config);
  container.bind(T.stores).toConstantValue(stores);
  container.bind(T.partMemory).toConstantValue(memory);
  const key = await signingKey(foundations.connections.pool, 'chunk-links');
  container.bind(T.chunkLinks).toDynamicValue(() => new HmacChunkLinks(key, services.clock));
  container.bind(T.version).toConstantValue(programVersion());
  bindFoundations(container, foundations);
  bindDatabase(container, services, foundations);
  bindAdapters(container, services);
  bindState(container, services);
  bindUploads(container, services);
  bindShared(container, services);
  return services;
}

function servicesOf(container: Container): Services {
  const services = {};
  for (const [name, token] of Object.entries(T)) {
    Object.defineProperty(services, name, { enumerable: true, get: () => container.get<unknown>(token) });
  }
  return services as Services;
}

function bindFoundations(container: Container, foundations: Foundations): void {
  const { config, connections, instance, log, lists = new LongLists() } = foundations;
  container.bind(T.config).toConstantValue(config);
  container.bind(T.connections).toConstantValue(connections);
  container.bind(T.instance).toConstantValue(instance);
  container.bind(T.lists).toConstantValue(lists);
  container.bind(T.log).toConstantValue(log);
  container.bind(T.pools).toConstantValue(config.pools);
}

function bindDatabase(container: Container, services: Services, { config, connections, channel }: Foundations): void {
  const { pool, searches, reserved } = connections;
  const { maxItems, maxDefinitionBytes } = config;
  const terms = { ownChannel: channel ?? 'system', maxItems, maxDefinitionBytes };
  container.bind(T.eventFilter).toDynamicValue(() => new RepeatedEventBudget());
  container.bind(T.locks).toDynamicValue(() => new PostgresNamedLocks(pool));
  container.bind(T.upkeepWork).toDynamicValue(() => new PostgresUnitOfWork(reserved, terms));
  container.bind(T.work).toDynamicValue(() => {
    const shares = new CallerShares(pool.options.max);
    const searchShares = new CallerShares(searches.options.max);
    const { eventFilter } = services;
    const work = new PostgresUnitOfWork(pool, { ...terms, eventFilter, searches, shares, searchShares });
    return config.trashYields ? new YieldingUnitOfWork(work, services.removals) : work;
  });
}

function bindAdapters(container: Container, services: Services): void {
  container.bind(T.clock).toDynamicValue(() => new ProcessClock());
  container.bind(T.files).toDynamicValue(() => new DiskImageFiles());
  container.bind(T.hasher).toDynamicValue(() => new Argon2PasswordHasher());
  container.bind(T.importSource).toDynamicValue(() => {
    const { networks, nameServers, ...rules } = services.config.importSources;
    const [addresses, resolve] = [new PermittedAddresses(networks), nameResolver(nameServers)];
    return new HttpImportSource({ rules, addresses, resolve, timeouts: SOURCE_TIMEOUTS });
  });
  container.bind(T.limit).toDynamicValue(() => new MemoryLoginLimit());
  container.bind(T.metrics).toDynamicValue(() => services.prometheus.work);
  container.bind(T.prometheus).toDynamicValue(() => new PrometheusMetrics());
  container.bind(T.random).toDynamicValue(() => new NodeRandom());
  container.bind(T.rateLimiter).toDynamicValue(() => new SteadyRateLimiter(services.config.copyRate));
  container.bind(T.importRate).toDynamicValue(() => new SteadyRateLimiter(services.config.importRate));
  container.bind(T.verified).toDynamicValue(() => new MemoryVerifiedCredentials());
  // Read when called: the upkeep runs the very use cases that wake it.
  container.bind(T.removals).toConstantValue({ wake: () => services.upkeep.wake() });
  container.bind(T.workers).toConstantValue({ wake: () => services.upkeep.workers.wake() });
}

function bindState(container: Container, services: Services): void {
  const { config, instance } = services;
  const { leaseSeconds, leaseGraceSeconds: graceSeconds } = config;
  container.bind(T.deniedAttempts).toDynamicValue(() => new RecordDeniedAttempt(services));
  container.bind(T.download).toDynamicValue(() => {
    const { work, stores, metrics } = services;
    const slots = new DownloadSlots(config.maxDownloads, metrics);
    return new DownloadMedia({ work, stores, slots, servesDamaged: config.servesDamaged });
  });
  container.bind(T.libraryStatus).toDynamicValue(() => new LibraryStatus(config.library !== null));
  container.bind(T.grace).toDynamicValue(() => new Grace(services.clock, { leaseSeconds, graceSeconds }));
  container.bind(T.linkUses).toDynamicValue(() => new LinkUses(services.upkeepWork));
  container.bind(T.leases).toDynamicValue(() => {
    return new HeldLeases(services.upkeepWork, services.clock, { holder: instance, seconds: leaseSeconds });
  });
  container.bind(T.libraryUpkeep).toDynamicValue(() => {
    return new LibraryUpkeep(libraryUseCases(services).syncLibrary, services.libraryStatus, services.log);
  });
  container.bind(T.upkeep).toDynamicValue(() => {
    return new Upkeep(upkeepChores(services), leaseSeconds, services.metrics, services.log);
  });
  container.bind(T.upload).toDynamicValue(() => {
    return new UploadMedia(services);
  });
}

function bindUploads(container: Container, services: Services): void {
  const { config, instance } = services;
  container.bind(T.endUpload).toDynamicValue(() => new EndUpload(services));
  container.bind(T.finishUpload).toDynamicValue(() => new FinishUpload(services));
  container.bind(T.chunkLeases).toDynamicValue(() => {
    const { work, upkeepWork, clock, random } = services;
    const terms = { holder: instance, seconds: UPLOAD_LEASE_SECONDS };
    return new ChunkLeases({ work, upkeepWork, clock, random, terms });
  });
  container.bind(T.chunkSessions).toDynamicValue(() => {
    return new ChunkSessions({ stores: services.stores, maxIdle: config.maxUploads });
  });
  container.bind(T.uploadCompletion).toDynamicValue(() => new UploadCompletion(services));
  container.bind(T.uploadLeases).toDynamicValue(() => {
    const { work, upkeepWork, clock } = services;
    return new UploadLeases({ work, upkeepWork, clock, terms: { holder: instance, seconds: UPLOAD_LEASE_SECONDS } });
  });
  container.bind(T.uploadSessions).toDynamicValue(() => {
    const { work, stores, pools } = services;
    return new UploadSessions({ work, stores, pools, maxIdle: config.maxUploads });
  });
  container.bind(T.uploadSlots).toDynamicValue(() => {
    const { pools, metrics } = services;
    return new UploadSlots({ pools, maxUploads: config.maxUploads, metrics });
  });
}

/** Binds what several dialects, commands and chores build on. */
function bindShared(container: Container, services: Services): void {
  container.bind(T.ingest).toDynamicValue(() => new Ingest(services));
  container.bind(T.purge).toDynamicValue(() => new Purge(services.work, services.stores, services.pools));
  container.bind(T.resize).toDynamicValue(() => new ResizeDrive(services));
  container.bind(T.verify).toDynamicValue(() => new VerifyCredentials(services.work, services.limit, services.hasher));
}
