import { randomUUID } from 'node:crypto';
import type { Pool } from '../../src/domain/pools/pool.ts';
import { bytes, MAX_BYTES, type Bytes } from '../../src/domain/shared/bytes.ts';
import {
  isUuid,
  ROOT_GROUP,
  type GroupId,
  type InstanceId,
  type MediaId,
  type PoolId,
  type UserUuid,
} from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const [ONE, TWO, NOWHERE] = [1, 2, 99] as [PoolId, PoolId, PoolId];

describe.each(UNITS_OF_WORK)('PoolRepository in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => (depot = await open()));
  afterEach(async () => depot.close());

  function pool(id: PoolId, capacity: Bytes | null = null, name = `pool ${id}`): Pool {
    return { id, name, capacity, storageType: 'local', isDefault: false };
  }

  /** An item of this size in the pool, charged to the root group. */
  async function fill(id: PoolId, size: number): Promise<MediaId> {
    const media = randomUUID() as MediaId;
    await depot.work.run(async (tx) => {
      const root = (await tx.groups.lockShared(ROOT_GROUP))!;
      await tx.media.insert(
        {
          id: media,
          pool: id,
          group: ROOT_GROUP,
          name: media,
          type: 'ISO',
          size: bytes(size),
          readOnly: true,
          state: 'uploading',
          createdBy: randomUUID() as UserUuid,
        },
        { holder: randomUUID() as InstanceId, seconds: 60 },
      );
      expect(await tx.usage.charge(root, id, bytes(size), 1)).toBeNull();
      expect(await tx.pools.charge(id, bytes(size))).toBeNull();
    });
    return media;
  }

  it('has one installation id, created with the database', async () => {
    const installation = await depot.work.run(async (tx) => tx.pools.installation());
    expect(isUuid(installation)).toBe(true);
    expect(await depot.work.run(async (tx) => tx.pools.installation())).toBe(installation);
  });

  it('returns every stored pool by ascending id, and which of them hold media', async () => {
    await depot.work.run(async (tx) => {
      await tx.pools.store(pool(TWO));
      await tx.pools.store(pool(ONE));
    });
    await fill(TWO, 0);
    expect(await depot.work.run(async (tx) => tx.pools.known())).toEqual([
      { id: ONE, name: 'pool 1', holdsMedia: false, writesTo: 0, locations: [] },
      { id: TWO, name: 'pool 2', holdsMedia: true, writesTo: 0, locations: [0] },
    ]);
  });

  it('counts items in removing as held', async () => {
    await depot.work.run(async (tx) => tx.pools.store(pool(ONE)));
    const media = await fill(ONE, 5);
    await depot.work.run(async (tx) => {
      await tx.media.beginRemoval(media);
      await tx.usage.refund([ROOT_GROUP], ONE, bytes(5), 1);
    });
    const [known] = await depot.work.run(async (tx) => tx.pools.known());
    expect(known!.holdsMedia).toBe(true);
    const levels = await depot.work.run(async (tx) => tx.pools.levels([ONE]));
    expect(levels.get(ONE)).toEqual({ kind: 'pool', used: 5, limit: null });
  });

  it('updates name and capacity of a pool, and keeps its usage', async () => {
    await depot.work.run(async (tx) => tx.pools.store(pool(ONE)));
    await fill(ONE, 7);
    await depot.work.run(async (tx) => tx.pools.store(pool(ONE, bytes(3), 'renamed')));
    expect(await depot.work.run(async (tx) => tx.pools.known())).toEqual([
      { id: ONE, name: 'renamed', holdsMedia: true, writesTo: 0, locations: [0] },
    ]);
    const levels = await depot.work.run(async (tx) => tx.pools.levels([ONE, NOWHERE]));
    expect([...levels]).toEqual([[ONE, { kind: 'pool', used: 7, limit: 3 }]]);
  });

  it('returns the pools of a group: its rights, its usage and that of its ancestors, and the levels of the pools', async () => {
    await depot.work.run(async (tx) => {
      for (const each of [pool(ONE, bytes(50)), pool(TWO)]) await tx.pools.store(each);
    });
    await fill(ONE, 7);
    const own = await depot.work.run(async (tx) => {
      const group = await tx.groups.insert((await tx.groups.lockShared(ROOT_GROUP))!, 'group');
      await tx.assignments.store(group.id, ONE, { write: false, manage: true });
      await tx.usage.setQuota(group.id, ONE, bytes(20));
      return group.id;
    });
    const usages = await depot.work.read(async (tx) => tx.pools.usages(own, [ONE, TWO, NOWHERE]));
    expect(usages).toEqual(
      new Map([
        [
          ONE,
          {
            assigned: { write: false, manage: true },
            usage: [
              { group: ROOT_GROUP, pool: ONE, used: 7, quota: null, items: 1 },
              { group: own, pool: ONE, used: 0, quota: 20, items: 0 },
            ],
            level: { kind: 'pool', used: 7, limit: 50 },
          },
        ],
        [TWO, { assigned: null, usage: [], level: { kind: 'pool', used: 0, limit: null } }],
      ]),
    );
    expect(await depot.work.read(async (tx) => tx.pools.usages(999 as GroupId, [ONE]))).toEqual(new Map());
  });

  it('charges up to the capacity, returns the level when it refuses, and never refuses 0 bytes', async () => {
    await depot.work.run(async (tx) => tx.pools.store(pool(ONE, bytes(10))));
    await fill(ONE, 7);
    await depot.work.run(async (tx) => {
      const stands = { kind: 'pool', used: 7, limit: 10 };
      expect(await tx.pools.charge(ONE, bytes(4))).toEqual(stands);
      expect((await tx.pools.levels([ONE])).get(ONE)).toEqual(stands);
      expect(await tx.pools.charge(ONE, bytes(3))).toBeNull();
      expect(await tx.pools.charge(ONE, bytes(0))).toBeNull();
      await tx.pools.refund(ONE, bytes(3));
    });
    await depot.work.run(async (tx) => {
      await tx.pools.store(pool(ONE, bytes(5)));
      expect(await tx.pools.charge(ONE, bytes(1))).toEqual({ kind: 'pool', used: 7, limit: 5 });
      expect(await tx.pools.charge(ONE, bytes(0))).toBeNull();
    });
  });

  it('charges up to a derived capacity if none is configured, and never refuses 0 bytes', async () => {
    await depot.work.run(async (tx) => {
      await tx.pools.store(pool(ONE));
      await tx.pools.deriveCapacity(ONE, bytes(10));
      expect(await tx.pools.charge(ONE, bytes(11))).toEqual({ kind: 'pool', used: 0, limit: 10 });
      expect(await tx.pools.charge(ONE, bytes(10))).toBeNull();
      expect(await tx.pools.charge(ONE, bytes(0))).toBeNull();
      expect((await tx.pools.levels([ONE])).get(ONE)).toEqual({ kind: 'pool', used: 10, limit: 10 });
      await tx.pools.store(pool(ONE, bytes(30)));
      expect(await tx.pools.charge(ONE, bytes(20))).toBeNull();
      await tx.pools.store(pool(ONE));
      await tx.pools.deriveCapacity(ONE, null);
      expect(await tx.pools.charge(ONE, bytes(1000))).toBeNull();
      await tx.pools.refund(ONE, bytes(1030));
    });
  });

  it('treats a capacity of 0 as a limit', async () => {
    await depot.work.run(async (tx) => {
      await tx.pools.store(pool(ONE, bytes(0)));
      expect(await tx.pools.charge(ONE, bytes(1))).toEqual({ kind: 'pool', used: 0, limit: 0 });
      expect(await tx.pools.charge(ONE, bytes(0))).toBeNull();
    });
  });

  it('never counts beyond 2^53−1, even without a capacity', async () => {
    await depot.work.run(async (tx) => {
      await tx.pools.store(pool(ONE));
      expect(await tx.pools.charge(ONE, MAX_BYTES)).toBeNull();
      expect(await tx.pools.charge(ONE, bytes(1))).toEqual({ kind: 'pool', used: MAX_BYTES, limit: null });
      await tx.pools.refund(ONE, MAX_BYTES);
    });
  });

  it('fails for an unknown pool', async () => {
    await expect(depot.work.run(async (tx) => tx.pools.charge(NOWHERE, bytes(1)))).rejects.toThrow('99');
  });
});
