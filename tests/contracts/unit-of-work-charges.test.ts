import { isFailure, DomainError } from '../../src/domain/shared/domain-error.ts';
import { bytes, type Bytes } from '../../src/domain/shared/bytes.ts';
import type { Group } from '../../src/domain/access/group.ts';
import {
  ROOT_GROUP,
  type GroupId,
  type InstanceId,
  type MediaId,
  type PoolId,
  type UserUuid,
} from '../../src/domain/shared/ids.ts';
import { randomUUID } from 'node:crypto';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { makeGroups } from '../support/fixtures/users.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const POOL = 1 as PoolId;
const LEASE = { holder: randomUUID() as InstanceId, seconds: 60 };
const CREATOR = randomUUID() as UserUuid;

describe.each(UNITS_OF_WORK)('Charges in $store', ({ open }) => {
  let depot: TestDepot;
  let top: Group;
  let left: Group;
  let right: Group;
  beforeEach(async () => {
    depot = await open();
    [top, left] = (await makeGroups(depot, 'top', 'left')) as [Group, Group];
    right = await depot.work.run(async (tx) => {
      await tx.pools.store({ id: POOL, name: 'pool', capacity: null, storageType: 'local', isDefault: true });
      return tx.groups.insert(top, 'right');
    });
  });
  afterEach(async () => depot.close());

  /** Admits an item of this size as an upload does, and returns whether it was admitted. */
  async function admit(group: Group, size: number): Promise<boolean> {
    const id = randomUUID() as MediaId;
    try {
      await depot.work.run(async (tx) => {
        const media = { id, pool: POOL, group: group.id, name: id, type: 'ISO', size: bytes(size), readOnly: true };
        await tx.media.insert({ ...media, state: 'uploading', createdBy: CREATOR }, LEASE);
        const refused =
          (await tx.usage.charge(group, POOL, bytes(size), 1)) ?? (await tx.pools.charge(POOL, bytes(size)));
        if (refused !== null) {
          throw new DomainError('quota-exceeded', { needed: bytes(size), left: null, limitedBy: 'group' });
        }
      });
      return true;
    } catch (error) {
      if (isFailure(error, 'quota-exceeded')) return false;
      // On a busy machine, fifty may wait too long for a connection.
      if (isFailure(error, 'unavailable')) return admit(group, size);
      throw error;
    }
  }

  async function limit(group: GroupId, quota: Bytes | null): Promise<void> {
    await depot.work.run(async (tx) => tx.usage.setQuota(group, POOL, quota));
  }

  async function used(group: GroupId): Promise<number> {
    const [usage] = await depot.work.run(async (tx) => tx.usage.ofPath([group], POOL));
    return usage?.used ?? 0;
  }

  it('admits exactly those of fifty concurrent items that fit into one limit', async () => {
    await limit(top.id, bytes(170));
    const admitted = await Promise.all(
      Array.from({ length: 50 }, async (_, at) => admit(at % 2 === 0 ? left : right, 10)),
    );
    expect(admitted.filter(Boolean)).toHaveLength(17);
    expect(await used(top.id)).toBe(170);
    expect((await used(left.id)) + (await used(right.id))).toBe(170);
    expect(await used(ROOT_GROUP)).toBe(170);
  });

  it('admits exactly those of fifty concurrent items that fit into the capacity of the pool', async () => {
    const pool = { id: POOL, name: 'pool', capacity: bytes(95), storageType: 'local', isDefault: true };
    await depot.work.run(async (tx) => tx.pools.store(pool));
    const admitted = await Promise.all(
      Array.from({ length: 50 }, async (_, at) => admit(at % 2 === 0 ? left : right, 10)),
    );
    expect(admitted.filter(Boolean)).toHaveLength(9);
    expect(await used(top.id)).toBe(90);
  });

  it('never admits more than a limit allows that is lowered concurrently', async () => {
    await limit(top.id, bytes(1000));
    // Every admission and every lowering records limit and usage once it has locked
    // the row, in the order of the locks.
    await depot.knex.raw(`create table noted (at bigserial, used bigint, quota bigint, grown boolean)`);
    await depot.knex.raw(
      `create function note() returns trigger language plpgsql as
       'begin insert into noted (used, quota, grown) values (new.used, new.quota, new.used > old.used); return new; end'`,
    );
    await depot.knex.raw(
      `create trigger noting after update on usage for each row when (new.group_id = ${top.id}) execute function note()`,
    );
    const lowered = (async () => {
      for (let quota = 900; quota >= 100; quota -= 100) await limit(top.id, bytes(quota));
    })();
    const admitted = Array.from({ length: 60 }, async (_, at) => admit(at % 2 === 0 ? left : right, 10));
    await Promise.all([lowered, ...admitted]);

    const broken = await depot.knex('noted').whereRaw('grown and used > quota');
    expect(broken).toEqual([]);
    expect(await depot.knex('noted').where({ grown: true })).not.toEqual([]);
    expect(await admit(left, 1001)).toBe(false);
  });
});
