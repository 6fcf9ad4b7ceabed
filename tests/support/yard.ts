import { randomUUID } from 'node:crypto';
import { readdir, readFile, readlink, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalDiskStore } from '../../src/adapters/blobs/local-disk/local-disk-store.ts';
import { openDatabase, type Database } from '../../src/adapters/postgres/database.ts';
import { PostgresUnitOfWork } from '../../src/adapters/postgres/unit-of-work.ts';
import { PreparePools } from '../../src/application/pools/prepare-pools.ts';
import type { MediaOrder } from '../../src/application/media/admit.ts';
import type { BlobStore, BlobStores } from '../../src/application/ports/blob-store.ts';
import type { UnitOfWork } from '../../src/application/ports/unit-of-work.ts';
import type { Caller } from '../../src/domain/access/caller.ts';
import type { Group } from '../../src/domain/access/group.ts';
import type { Pool } from '../../src/domain/pools/pool.ts';
import { bytes, type Bytes } from '../../src/domain/shared/bytes.ts';
import type { GroupId, PoolId } from '../../src/domain/shared/ids.ts';
import { openProxy, type BreakableProxy } from './breakable-proxy.ts';
import { openTestDepot, type TestDepot } from './depot.ts';
import { expectNoDrift } from './invariant.ts';
import { makeGroups, makeRoot } from './people.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { hashingThreads } from './hashing-threads.ts';

export const [ONE, TWO] = [1, 2] as [PoolId, PoolId];
const MARKER = '.platter-pool.json';

/**
 * Two pools on real disks, a real database behind a wire that can be cut, and a group that may do
 * everything with both pools.
 */
export interface Yard {
  readonly depot: TestDepot;
  /** The wire that `work` goes through. */
  readonly wire: BreakableProxy;
  readonly work: UnitOfWork;
  readonly pools: readonly Pool[];
  readonly stores: BlobStores;
  readonly root: Caller;
  /** The parent of `group`. */
  readonly top: Group;
  readonly group: Group;
  /** Sets a quota of the group on pool ONE. */
  limit(group: GroupId, quota: Bytes | null): Promise<void>;
  /** What counts for a group on a pool; 0 without a row. */
  used(group?: GroupId, pool?: PoolId): Promise<number>;
  /** What counts in a pool itself. */
  inPool(pool?: PoolId): Promise<number>;
  /** The states of all media, oldest first. */
  states(): Promise<readonly unknown[]>;
  /**
   * The names of all files in the folders of the pools, half-written ones too, without the markers.
   */
  files(): Promise<readonly string[]>;
  content(id: string, pool?: PoolId): Promise<Buffer>;
  /** Puts a file there that a dead process has half written. */
  leaveHalf(id: string, pool?: PoolId): Promise<void>;
  /** Where the file lies, for a hypervisor to write to. */
  pathOf(id: string, pool?: PoolId): string;
  /**
   * Takes a pool's folder away, as if it was not mounted any more; answers how to bring it back.
   */
  unmount(pool: PoolId): Promise<() => Promise<void>>;
  /** Fails unless nothing is there: no media, no files, no usage. */
  expectNothing(): Promise<void>;
  /**
   * The end of a test: fails when usage is not the sum of what counts, or when there are files that
   * no row names, or that are still open.
   */
  close(): Promise<void>;
}

export async function openYard({ capacity = null }: { readonly capacity?: Bytes | null } = {}): Promise<Yard> {
  const depot = await openTestDepot();
  const wire = await openProxy(depot.url);
  const database = openDatabase({ url: wire.url, connections: 8 });
  const work = new PostgresUnitOfWork(database.pool);
  const folder = await temporaryFolder();
  const folderOf = (pool: PoolId): string => join(folder, `pool-${pool}`);
  const pools = [ONE, TWO].map((id): Pool => ({
    id,
    name: `pool ${id}`,
    capacity: id === ONE ? capacity : null,
    storageType: 'local',
    isDefault: id === ONE,
  }));
  const stores = storesOf(new Map([ONE, TWO].map((id) => [id, new LocalDiskStore(folderOf(id), hashingThreads)])));
  await new PreparePools(work, stores, pools).run();
  const root = await makeRoot(depot);
  const [top, group] = (await makeGroups(depot, 'top', 'group')) as [Group, Group];
  await depot.work.run(async (tx) => {
    for (const pool of [ONE, TWO]) await tx.assignments.store(group.id, pool, { write: true, manage: true });
  });

  async function files(): Promise<readonly string[]> {
    const names = await Promise.all([ONE, TWO].map(async (pool) => readdir(folderOf(pool))));
    return names.flat().filter((name) => name !== MARKER);
  }
  async function number(statement: string): Promise<number> {
    return Number((await depot.rows(statement))[0]?.number ?? 0);
  }
  return {
    depot,
    wire,
    work,
    pools,
    stores,
    root,
    top,
    group,
    limit: async (id, quota) => depot.work.run(async (tx) => tx.usage.setQuota(id, ONE, quota)),
    used: async (id = group.id, pool = ONE) =>
      number(`select used as number from usage where group_id = ${id} and pool_id = ${pool}`),
    inPool: async (pool = ONE) => number(`select used as number from pools where id = ${pool}`),
    states: async () => (await depot.rows('select state from media order by created_at, id')).map(({ state }) => state),
    files,
    content: async (id, pool = ONE) => readFile(join(folderOf(pool), id)),
    leaveHalf: async (id, pool = ONE) => writeFile(join(folderOf(pool), `.partial-${id}`), 'half'),
    pathOf: (id, pool = ONE) => join(folderOf(pool), id),
    unmount: async (pool) => {
      await rename(folderOf(pool), `${folderOf(pool)}-away`);
      return async () => rename(`${folderOf(pool)}-away`, folderOf(pool));
    },
    expectNothing: async () => {
      expect(await depot.rows('select id from media')).toEqual([]);
      expect(await depot.rows('select id from blobs')).toEqual([]);
      expect(await depot.rows('select group_id from usage where used <> 0')).toEqual([]);
      expect(await number('select sum(used) as number from pools')).toBe(0);
      expect(await files()).toEqual([]);
    },
    close: async () => {
      try {
        await expectNoDrift(depot.url);
        await expectNoStrays(depot, await files(), folder);
      } finally {
        await end(database, wire, depot);
      }
    },
  };
}

async function end(database: Database, wire: BreakableProxy, depot: TestDepot): Promise<void> {
  await database.close();
  await wire.close();
  await depot.close();
}

/** The stores of some pools, as the program has them. */
export function storesOf(stores: ReadonlyMap<PoolId, BlobStore>): BlobStores {
  return {
    of: (pool) => {
      const store = stores.get(pool);
      if (store === undefined) throw new Error(`pool ${pool} is not configured`);
      return store;
    },
    places: () => [0],
  };
}

async function expectNoStrays(depot: TestDepot, files: readonly string[], folder: string): Promise<void> {
  const named = await depot.rows(
    `select blob_id::text as file from media union select '.partial-' || blob_id from media where state <> 'ready'`,
  );
  const expected = new Set(named.map(({ file }) => file));
  expect(files.filter((file) => !expected.has(file))).toEqual([]);
  const handles = await readdir('/proc/self/fd');
  const open = await Promise.all(handles.map(async (fd) => readlink(join('/proc/self/fd', fd)).catch(() => '')));
  expect(open.filter((path) => path.startsWith(folder))).toEqual([]);
}

/** An order for media in pool ONE. */
export function orderOf({ group }: Yard, size: number, name: string = randomUUID()): MediaOrder {
  return { name, type: 'ISO', size: bytes(size), readOnly: true, pool: ONE, group: group.id };
}
