import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { LocalDiskStore } from '../../src/adapters/blobs/local-disk/local-disk-store.ts';
import { PartMemory } from '../../src/adapters/blobs/s3/part-memory.ts';
import { S3Store } from '../../src/adapters/blobs/s3/s3-store.ts';
import { NodeDigests } from '../../src/adapters/digests/node-digests.ts';
import { PostgresTurns } from '../../src/adapters/postgres/turns.ts';
import { ExamineDepot } from '../../src/application/doctor/examine-depot.ts';
import { sentenceOf } from '../../src/application/doctor/finding.ts';
import { CarryBlob } from '../../src/application/moving/carry-blob.ts';
import { MovePool, type MoveReport } from '../../src/application/moving/move-pool.ts';
import { PreparePools } from '../../src/application/pools/prepare-pools.ts';
import type { BlobStore, BlobStores } from '../../src/application/ports/blob-store.ts';
import type { Pace } from '../../src/application/ports/pace.ts';
import { NEVER } from './byte-sources.ts';
import { openTestBucket, type TestBucket } from './s3.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { ONE, type Yard } from './yard.ts';
import { hashingThreads } from './hashing-threads.ts';

/** Pool ONE of a yard on its way from one place to another. */
export interface TwoPlaces {
  /** With the places in this order; the pool moves from the first to the second. */
  readonly stores: BlobStores;
  /** Moves what there is; answers what had to stay and why, by blob. */
  move(pace?: Pace['take']): Promise<MoveReport & { readonly stayed: Readonly<Record<string, string>> }>;
  /** What the doctor has to say. */
  findings(): Promise<readonly string[]>;
}

/** A folder for the second place of pool ONE, and a store in it. */
export async function otherFolder(): Promise<{ readonly store: BlobStore; pathOf(id: string): string }> {
  const folder = join(await temporaryFolder(), 'other');
  return { store: new LocalDiskStore(folder, hashingThreads), pathOf: (id) => join(folder, id) };
}

/** A bucket for the second place of pool ONE, and a store in it. */
export async function otherBucket(): Promise<{ readonly store: BlobStore; readonly bucket: TestBucket }> {
  const bucket = await openTestBucket();
  const terms = { checksums: 'WHEN_REQUIRED', answerSeconds: 20, settleSeconds: 1, redirects: false } as const;
  return { store: new S3Store(bucket.place, terms, new PartMemory(32 * 1024 * 1024), hashingThreads), bucket };
}

/**
 * Lets pool ONE have these stores, by the numbers of their places, the one that it moves to last.
 */
export async function openTwoPlaces(
  yard: Yard,
  places: readonly (readonly [place: number, store: BlobStore])[],
): Promise<TwoPlaces> {
  const own = new Map(places);
  const [first, ...others] = own.keys();
  if (first === undefined) throw new Error('a pool needs a place');
  const stores: BlobStores = {
    of: (pool, place) => {
      const store = pool === ONE ? own.get(place) : yard.stores.of(pool, place);
      if (store === undefined) throw new Error(`there is no place ${place}`);
      return store;
    },
    places: (pool) => (pool === ONE ? [first, ...others] : [0]),
  };
  await new PreparePools(yard.work, stores, yard.pools).run();
  const turns = new PostgresTurns(yard.depot.pool);
  return {
    stores,
    move: async (take = async () => Promise.resolve()) => {
      const stayed: Record<string, string> = {};
      const carry = new CarryBlob(yard.work, stores, new NodeDigests(), { take });
      const mover = new MovePool(yard.work, stores, yard.pools, turns, carry, 1);
      const watch = {
        begun: () => undefined,
        passed: () => undefined,
        left: (blob: string, reason: string) => void (stayed[blob] = reason),
      };
      return { ...(await mover.run(ONE, watch, NEVER)), stayed };
    },
    findings: async () => {
      const found: string[] = [];
      await new ExamineDepot(yard.work, stores, yard.pools, 0).run(async (finding) => {
        found.push(sentenceOf(finding));
        return Promise.resolve();
      }, NEVER);
      return found;
    },
  };
}

/** Hangs media on a server of the yard's root, or on none any more. */
export async function attachTo({ depot, root }: Yard, media: string | null): Promise<void> {
  await depot.knex.raw('delete from servers');
  if (media === null) return;
  const server = randomUUID();
  await depot.knex.raw(
    `insert into servers (id, owner, name, cpu, memory, screen_password, meta, kept) values (?, ?, 's', 1, 1, '', '{}', '{}')`,
    [server, root.uuid],
  );
  await depot.knex.raw(
    `insert into attachments (server_id, media_id, device, controller, unit) values (?, ?, 'virtio', 0, 0)`,
    [server, media],
  );
}
