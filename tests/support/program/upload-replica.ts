import { randomUUID } from 'node:crypto';
import { ProcessClock } from '../../../src/adapters/clock/process-clock.ts';
import { ReleaseRequests } from '../../../src/adapters/postgres/release-requests.ts';
import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { HmacChunkLinks } from '../../../src/adapters/signed-links/hmac-chunk-links.ts';
import { ReapPredecessor } from '../../../src/application/leases/reap-predecessor.ts';
import { Purge } from '../../../src/application/media/purge.ts';
import { UploadSlots } from '../../../src/application/media/upload-slots.ts';
import type { CreateImport } from '../../../src/application/imports/create-import.ts';
import type { RunImports } from '../../../src/application/imports/run-imports.ts';
import type { BlobStores } from '../../../src/application/ports/blob-store.ts';
import type { ImportSource } from '../../../src/application/ports/import-source.ts';
import type { UnitOfWork } from '../../../src/application/ports/unit-of-work.ts';
import type { AbortUpload } from '../../../src/application/uploads/abort-upload.ts';
import type { AppendToUpload } from '../../../src/application/uploads/append-to-upload.ts';
import type { CreateUpload } from '../../../src/application/uploads/create-upload.ts';
import type { UploadLimits } from '../../../src/application/uploads/upload-limits.ts';
import { ChunkLeases } from '../../../src/application/uploads/chunk-leases.ts';
import { ChunkSessions } from '../../../src/application/uploads/chunk-sessions.ts';
import { EndUpload } from '../../../src/application/uploads/end-upload.ts';
import { FinishUpload } from '../../../src/application/uploads/finish-upload.ts';
import { TendUploads } from '../../../src/application/uploads/tend-uploads.ts';
import { UploadCompletion } from '../../../src/application/uploads/upload-completion.ts';
import { UploadLeases } from '../../../src/application/uploads/upload-leases.ts';
import { UploadSessions } from '../../../src/application/uploads/upload-sessions.ts';
import type { ViewUpload } from '../../../src/application/uploads/view-upload.ts';
import type { InstanceId } from '../../../src/domain/shared/ids.ts';
import { chunkUseCases, type ChunkUseCases } from '../../../src/infrastructure/composition/chunk-use-cases.ts';
import { createImport, importRuns } from '../../../src/infrastructure/composition/import-use-cases.ts';
import { uploadUseCases } from '../../../src/infrastructure/composition/upload-use-cases.ts';
import type { DepotFixture } from '../fixtures/depot-fixture.ts';
import { recordMetrics } from '../fixtures/recorded-metrics.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const RENEW_EVERY_MS = 1_500;

/** One process that takes resumable uploads. */
export interface UploadReplica {
  readonly holder: InstanceId;
  readonly create: CreateUpload;
  readonly view: ViewUpload;
  readonly append: AppendToUpload;
  readonly abort: AbortUpload;
  readonly chunks: ChunkUseCases;
  readonly tend: TendUploads;
  /** Creates what imports from a source in this process. */
  importsFrom(source: ImportSource, terms?: Partial<ImportSettings>): ReplicaImports;
  readonly leases: UploadLeases;
  readonly chunkLeases: ChunkLeases;
  /** Deletes the bytes of removed items, as the sweeper does. */
  purge(): Promise<void>;
  /** What was counted. */
  readonly recorded: readonly string[];
  /** Ends all that the process has: nothing is released, as after a `kill -9`. */
  kill(): Promise<void>;
  /** Closes all that it has open. */
  close(): Promise<void>;
}

/** What imports in a process. */
export interface ReplicaImports {
  readonly create: CreateImport;
  readonly runs: RunImports;
}

interface ImportSettings {
  readonly maxImports: number;
  readonly importsAreOn: boolean;
}

interface ReplicaTerms extends Partial<UploadLimits> {
  /** Whether it hears of other processes that want an upload. */
  readonly listens?: boolean;
  readonly leaseSeconds?: number;
  /** What it stores bytes with; by default the stores of the fixture. */
  readonly stores?: BlobStores;
  readonly maxIdle?: number;
}

/** Creates a replica as the program does. It renews leases, and runs no other upkeep. */
export function startUploadReplica(
  { work: ownWork, pools, stores: ownStores, depot }: DepotFixture,
  {
    stores = ownStores,
    listens = true,
    leaseSeconds = 5,
    maxIdle = 8,
    expirySeconds = 86_400,
    maxOpen = 1000,
    verifySeconds = 20,
  }: ReplicaTerms = {},
): UploadReplica {
  const holder = randomUUID() as InstanceId;
  let isDead = false;
  const work: UnitOfWork = {
    run: async (asked) => (isDead ? Promise.reject(new Error('dead')) : ownWork.run(asked)),
    runStatement: async (asked) => (isDead ? Promise.reject(new Error('dead')) : ownWork.runStatement(asked)),
    read: async (asked) => (isDead ? Promise.reject(new Error('dead')) : ownWork.read(asked)),
    snapshot: async (asked) => ownWork.snapshot(asked),
    search: async (asked) => ownWork.search(asked),
    onBehalfOf: () => work,
  };
  const { metrics, recorded } = recordMetrics();
  const log = quiet;
  const removals = { wake: () => undefined };
  const purge = new Purge(work, stores, pools);
  const terms = { holder, seconds: leaseSeconds };
  const [clock, random] = [new ProcessClock(), new NodeRandom()];
  const uploadLeases = new UploadLeases({ work, upkeepWork: work, clock, terms });
  const chunkLeases = new ChunkLeases({ work, upkeepWork: work, clock, random, terms });
  const uploadSessions = new UploadSessions({ work, stores, pools, maxIdle });
  const chunkSessions = new ChunkSessions({ stores, maxIdle });
  const held = { uploadLeases, uploadSessions, chunkLeases, chunkSessions };
  const endUpload = new EndUpload({ work, stores, ...held, purge, removals, log });
  const finishUpload = new FinishUpload({ work, endUpload, metrics });
  const uploadCompletion = new UploadCompletion({
    work,
    stores,
    pools,
    chunkSessions,
    uploadLeases,
    finishUpload,
    log,
  });
  const services = {
    work,
    stores,
    pools,
    random,
    endUpload,
    finishUpload,
    metrics,
    log,
    ...held,
    uploadCompletion,
    chunkLinks: new HmacChunkLinks(Buffer.alloc(32, 1), clock),
    uploadSlots: new UploadSlots({ pools, maxUploads: 400, metrics }),
    config: { uploadLimits: { expirySeconds, maxOpen, verifySeconds } },
  };
  const { createUpload, viewUpload, appendToUpload, abortUpload } = uploadUseCases(services);
  const releases = new ReleaseRequests(depot.url, holder, (id) => {
    uploadLeases.requestRelease(id);
    chunkLeases.requestRelease(id);
  });
  if (listens) releases.start();
  const renewing = setInterval(() => {
    for (const leases of [uploadLeases, chunkLeases]) leases.renew().catch(() => undefined);
  }, RENEW_EVERY_MS);
  const close = async (): Promise<void> => {
    clearInterval(renewing);
    await releases.stop();
  };
  return {
    holder,
    create: createUpload,
    view: viewUpload,
    append: appendToUpload,
    abort: abortUpload,
    chunks: chunkUseCases(services),
    importsFrom: (importSource, { maxImports = 4, importsAreOn = true } = {}) => {
      const importSources = { hosts: [], ports: [], networks: [], nameServers: [] };
      const config = { importsAreOn, importSources, maxImports, ...services.config };
      const importRate = { waitFor: async () => Promise.resolve() };
      const imports = { ...services, clock, importRate, importSource, workers: { wake: () => undefined }, config };
      return { create: createImport(imports), runs: importRuns(imports) };
    },
    tend: new TendUploads({ ...held, work, uploadCompletion, finishUpload, endUpload, metrics, log }),
    leases: uploadLeases,
    chunkLeases,
    purge: async () => {
      for (const pool of pools) {
        const removed = await work.run(async (tx) => tx.media.removable(pool.id, 0, 1_000, null));
        for (const id of removed) await purge.run(id);
      }
    },
    recorded,
    kill: async () => {
      isDead = true;
      await close();
    },
    close,
  };
}

/** Ends the leases of a replica that is known to be dead. */
export async function reap({ depot }: DepotFixture, { holder }: UploadReplica): Promise<void> {
  await new ReapPredecessor(depot.work).run(holder);
}
