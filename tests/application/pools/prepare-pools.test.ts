import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalDiskStore } from '../../../src/adapters/blobs/local-disk/local-disk-store.ts';
import { PreparePools } from '../../../src/application/pools/prepare-pools.ts';
import type { Pool } from '../../../src/domain/pools/pool.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import {
  ROOT_GROUP,
  type InstanceId,
  type MediaId,
  type PoolId,
  type UserUuid,
} from '../../../src/domain/shared/ids.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { temporaryFolder } from '../../support/files/temporary-folder.ts';
import { storesOf } from '../../support/fixtures/depot-fixture.ts';
import { hashingThreads } from '../../support/fixtures/hashing-threads.ts';

const MARKER = '.platter-pool.json';

describe('PreparePools', () => {
  let depot: TestDepot;
  let folder: string;
  beforeEach(async () => {
    depot = await openTestDepot();
    folder = await temporaryFolder();
  });
  afterEach(async () => depot.close());

  const folderOf = (id: number): string => join(folder, `pool-${id}`);

  function pool(id: number, wanted: Partial<Pool> = {}): Pool {
    return {
      id: id as PoolId,
      name: `pool ${id}`,
      capacity: null,
      storageType: 'local',
      isDefault: id === 1,
      ...wanted,
    };
  }

  /** Prepares these pools, each in the folder with its number unless `locations` names others. */
  async function prepare(pools: readonly Pool[], locations: Readonly<Record<number, string>> = {}): Promise<void> {
    const stores = pools.map(
      ({ id }) => [id, new LocalDiskStore(locations[id] ?? folderOf(id), hashingThreads)] as const,
    );
    await new PreparePools(depot.work, storesOf(new Map(stores)), pools).run();
  }

  async function faults(
    pools: readonly Pool[],
    locations?: Readonly<Record<number, string>>,
  ): Promise<readonly string[]> {
    const error: unknown = await prepare(pools, locations).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(Error);
    return (error as Error).message.split('\n');
  }

  async function putMediaInto(id: number): Promise<void> {
    await depot.work.run(async (tx) => {
      const media = randomUUID() as MediaId;
      await tx.media.insert(
        {
          id: media,
          pool: id as PoolId,
          group: ROOT_GROUP,
          name: media,
          type: 'ISO',
          size: bytes(0),
          readOnly: true,
          state: 'uploading',
          createdBy: randomUUID() as UserUuid,
        },
        { holder: randomUUID() as InstanceId, seconds: 60 },
      );
    });
  }

  it('creates and marks the folders, and stores the configured pools', async () => {
    await prepare([pool(1, { capacity: bytes(10) }), pool(2)]);
    await depot.work.run(async (tx) => {
      expect(await tx.pools.known()).toMatchObject([{ id: 1 }, { id: 2 }]);
      expect((await tx.pools.levels([1 as PoolId])).get(1 as PoolId)).toMatchObject({ limit: 10 });
    });
    await prepare([pool(1, { name: 'renamed' }), pool(2)]);
    expect((await depot.work.run(async (tx) => tx.pools.known()))[0]!.name).toBe('renamed');
  });

  it('follows a pool whose folder has moved', async () => {
    await prepare([pool(1)]);
    await putMediaInto(1);
    const moved = join(folder, 'elsewhere');
    await rename(folderOf(1), moved);
    await prepare([pool(1)], { 1: moved });
  });

  it('refuses a pool that is missing in the pools file and holds items, and accepts an empty one', async () => {
    await prepare([pool(1), pool(2), pool(3)]);
    await putMediaInto(2);
    expect(await faults([pool(1)])).toEqual([
      expect.stringMatching(/^pool 2 \("pool 2"\) holds media but .*: put it back/),
    ]);
    await prepare([pool(1), pool(2)]);
  });

  it('refuses a folder without a marker while the pool holds items', async () => {
    await prepare([pool(1)]);
    await putMediaInto(1);
    await rm(join(folderOf(1), MARKER));
    expect(await faults([pool(1)])).toEqual([expect.stringMatching(/pool 1 .*no marker.*: mount what belongs there/)]);
  });

  it('marks a folder without a marker anew while the pool holds none', async () => {
    await prepare([pool(1)]);
    await rm(join(folderOf(1), MARKER));
    await prepare([pool(1)]);
  });

  it('refuses the folder of another pool and of another installation', async () => {
    await prepare([pool(1), pool(2)]);
    const [swapped] = await faults([pool(1), pool(2)], { 1: folderOf(2), 2: join(folder, 'fresh') });
    expect(swapped).toMatch(/pool 1 .*belongs to pool 2 of this installation: give the pool its own folder/);

    await writeFile(join(folderOf(1), MARKER), JSON.stringify({ installation: randomUUID(), pool: 1 }));
    expect(await faults([pool(1), pool(2)])).toEqual([
      expect.stringMatching(/pool 1 .*belongs to another installation/),
    ]);
  });

  it('refuses two pools in one folder', async () => {
    expect(await faults([pool(1), pool(2)], { 2: folderOf(1) })).toEqual([
      expect.stringMatching(/pool 2 .*belongs to pool 1 of this installation/),
    ]);
  });

  it('names every fault at once, and stores nothing then', async () => {
    await prepare([pool(1), pool(2), pool(3)]);
    await putMediaInto(2);
    await putMediaInto(3);
    await rm(join(folderOf(3), MARKER));
    await writeFile(join(folder, 'file'), '');
    const found = await faults([pool(1, { name: 'changed' }), pool(3), pool(4)], { 4: join(folder, 'file') });
    expect(found).toHaveLength(3);
    expect(found.join('\n')).toMatch(/pool 2[^]*pool 3[^]*pool 4/);
    expect((await depot.work.run(async (tx) => tx.pools.known())).map(({ name }) => name)).toEqual([
      'pool 1',
      'pool 2',
      'pool 3',
    ]);
  });
});
