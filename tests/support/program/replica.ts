import { randomUUID } from 'node:crypto';
import { ProcessClock } from '../../../src/adapters/clock/process-clock.ts';
import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { Grace } from '../../../src/application/leases/grace.ts';
import { HeldLeases } from '../../../src/application/leases/held-leases.ts';
import { Sweep } from '../../../src/application/maintenance/sweep.ts';
import { CreateMedia } from '../../../src/application/media/create-media.ts';
import { Ingest } from '../../../src/application/media/ingest.ts';
import { Purge } from '../../../src/application/media/purge.ts';
import { RemoveMedia } from '../../../src/application/media/remove-media.ts';
import { ResizeDrive } from '../../../src/application/drives/resize-drive.ts';
import { UploadSlots } from '../../../src/application/media/upload-slots.ts';
import { UploadMedia } from '../../../src/application/media/upload-media.ts';
import type { BlobStores } from '../../../src/application/ports/blob-store.ts';
import type { InstanceId } from '../../../src/domain/shared/ids.ts';
import { recordMetrics } from '../fixtures/recorded-metrics.ts';
import type { DepotFixture } from '../fixtures/depot-fixture.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** One process with the use cases that create and delete items. */
export interface Replica {
  readonly holder: InstanceId;
  readonly leases: HeldLeases;
  readonly ingest: Ingest;
  readonly upload: UploadMedia;
  readonly create: CreateMedia;
  readonly remove: RemoveMedia;
  readonly purge: Purge;
  readonly resize: ResizeDrive;
  readonly sweep: Sweep;
  /** The metrics that were counted. */
  readonly recorded: readonly string[];
  /** Returns how often the removals were woken. */
  woken(): number;
}

export interface ReplicaTerms {
  readonly leaseSeconds?: number;
  readonly graceSeconds?: number;
  /** The stores to use instead of those of the depot fixture. */
  readonly stores?: BlobStores;
  /** One tenant may use a quarter of them. */
  readonly uploadsAtOnce?: number;
}

/** Composes the use cases as the program does, without background work. */
export function startReplica(
  { work, pools, stores: ownStores }: DepotFixture,
  { leaseSeconds = 60, graceSeconds = 0, stores = ownStores, uploadsAtOnce = 400 }: ReplicaTerms = {},
): Replica {
  const holder = randomUUID() as InstanceId;
  const clock = new ProcessClock();
  const leases = new HeldLeases(work, clock, { holder, seconds: leaseSeconds });
  const purge = new Purge(work, stores, pools);
  const ingest = new Ingest({ work, stores, pools, leases, purge, random: new NodeRandom(), log: quiet });
  const resize = new ResizeDrive({ work, stores, leases, purge, log: quiet });
  const judging = new Grace(clock, { leaseSeconds, graceSeconds });
  const { metrics, recorded } = recordMetrics();
  let woken = 0;
  return {
    holder,
    leases,
    ingest,
    upload: new UploadMedia({ ingest, uploadSlots: new UploadSlots({ pools, maxUploads: uploadsAtOnce, metrics }) }),
    create: new CreateMedia(ingest),
    remove: new RemoveMedia({ work, purge, removals: { wake: () => (woken += 1) }, log: quiet }),
    purge,
    resize,
    sweep: new Sweep({ work, stores, pools, purge, resize, grace: judging, metrics, log: quiet }),
    recorded,
    woken: () => woken,
  };
}
