import { LongLists } from '../../../src/application/lists/long-lists.ts';
import { AssignPool } from '../../../src/application/pools/assign-pool.ts';
import { ListPools, type AvailablePool } from '../../../src/application/pools/list-pools.ts';
import { RevokePool } from '../../../src/application/pools/revoke-pool.ts';
import { ListMedia } from '../../../src/application/media/list-media.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type GroupId, type PoolId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../../support/files/byte-sources.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { startReplica } from '../../support/program/replica.ts';
import { ONE, openDepotFixture, orderOf, TWO, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const NOWHERE = 999 as GroupId;
const UNKNOWN = 9 as PoolId;
const ALL = { write: true, manage: true };
const NO_POOL = { code: 'pool-not-found' };
const NO_GROUP = { code: 'group-not-found' };
const FORBIDDEN = { code: 'permission-missing' };

let fixture: DepotFixture;
beforeEach(async () => (fixture = await openDepotFixture()));
afterEach(async () => fixture.close());

async function assign(
  group: GroupId,
  pool: PoolId,
  quota = 0,
  rights = ALL,
  caller: Caller = fixture.root,
): Promise<void> {
  await new AssignPool(fixture.work, fixture.pools).run(caller, group, pool, bytes(quota), rights);
}

async function revoke(group: GroupId, pool: PoolId, caller: Caller = fixture.root): Promise<void> {
  await new RevokePool(fixture.work, fixture.pools).run(caller, group, pool);
}

async function list(group: GroupId, caller: Caller = fixture.root): Promise<readonly AvailablePool[]> {
  return new ListPools(fixture.work, fixture.pools).run(caller, group);
}

async function upload(size: number, group = fixture.group.id): Promise<void> {
  const order = { ...orderOf(fixture, size), group };
  await startReplica(fixture).upload.run(fixture.root, order, () => sourceOf(patterned(size)), NEVER);
}

/** Returns the headroom of a group in pool ONE. */
async function available(group = fixture.group.id): Promise<number | null> {
  return (await list(group)).find(({ pool }) => pool.id === ONE)!.available;
}

describe('AssignPool', () => {
  it('assigns rights and a quota to a group, and replaces both the next time', async () => {
    await assign(fixture.top.id, ONE, 100, { write: true, manage: false });
    expect(await list(fixture.top.id)).toMatchObject([{ pool: { id: ONE }, write: true, manage: false, quota: 100 }]);
    await assign(fixture.top.id, ONE, 7, { write: false, manage: true });
    expect(await list(fixture.top.id)).toMatchObject([{ pool: { id: ONE }, write: false, manage: true, quota: 7 }]);
  });

  it('assigns nothing to the groups below', async () => {
    await revoke(fixture.group.id, ONE);
    await assign(fixture.top.id, ONE);
    expect((await list(fixture.group.id)).map(({ pool }) => pool.id)).toEqual([TWO]);
  });

  it('sets only the quota of the root group, whose rights are fixed', async () => {
    for (const rights of [
      { write: false, manage: true },
      { write: true, manage: false },
    ]) {
      await expect(assign(ROOT_GROUP, ONE, 50, rights)).rejects.toMatchObject({ code: 'root-rights-fixed' });
    }
    await assign(ROOT_GROUP, ONE, 50, ALL);
    expect((await list(ROOT_GROUP))[0]).toMatchObject({ write: true, manage: true, quota: 50 });
    await expect(upload(51)).rejects.toMatchObject({ code: 'quota-exceeded' });
    await assign(ROOT_GROUP, ONE, 51, ALL);
    await upload(51);
  });

  it('sets a quota below the usage, which only blocks growth', async () => {
    await upload(100);
    await assign(fixture.group.id, ONE, 40);
    expect(await fixture.used()).toBe(100);
    expect(await available()).toBe(0);
    await expect(upload(1)).rejects.toMatchObject({ code: 'quota-exceeded', detail: { needed: 1, left: 0 } });
    const list = await new ListMedia(fixture.work, new LongLists()).run(fixture.root, fixture.group.id);
    await startReplica(fixture).remove.run(fixture.root, list.items[0]!.id);
    await upload(40);
  });

  it('requires the permission on the group, and judges a missing group as the root', async () => {
    const ofTop = await makeUser(fixture.depot, 'of top', fixture.top.id, 'velocity.pool.assign');
    await assign(fixture.group.id, ONE, 1, ALL, ofTop);
    await expect(assign(ROOT_GROUP, ONE, 1, ALL, ofTop)).rejects.toMatchObject(FORBIDDEN);
    await expect(assign(NOWHERE, ONE, 1, ALL, ofTop)).rejects.toMatchObject(FORBIDDEN);
  });

  it('checks the pool first, then the group', async () => {
    await expect(assign(NOWHERE, UNKNOWN)).rejects.toMatchObject(NO_POOL);
    await expect(assign(NOWHERE, ONE)).rejects.toMatchObject(NO_GROUP);
    await expect(assign(fixture.group.id, UNKNOWN)).rejects.toMatchObject(NO_POOL);
  });
});

describe('RevokePool', () => {
  it('revokes access and keeps the items, charged but not listed, until the pool is assigned again', async () => {
    await assign(fixture.group.id, ONE, 500);
    await upload(100);
    await revoke(fixture.group.id, ONE);
    expect((await list(fixture.group.id)).map(({ pool }) => pool.id)).toEqual([TWO]);
    const media = new ListMedia(fixture.work, new LongLists());
    expect((await media.run(fixture.root, fixture.group.id)).items).toEqual([]);
    expect(await fixture.used(fixture.top.id)).toBe(100);
    await expect(upload(1)).rejects.toMatchObject({ code: 'not-manager' });
    expect(await fixture.files()).toHaveLength(1);

    await assign(fixture.group.id, ONE);
    expect((await media.run(fixture.root, fixture.group.id)).items).toHaveLength(1);
    expect((await list(fixture.group.id))[0]).toMatchObject({ quota: 0, used: 100, available: null });
  });

  it('removes the limit with the assignment, also for the groups below', async () => {
    await assign(fixture.top.id, ONE, 10);
    await expect(upload(11)).rejects.toMatchObject({ code: 'quota-exceeded' });
    await revoke(fixture.top.id, ONE);
    await upload(11);
  });

  it('is idempotent, also for a pool that was never assigned', async () => {
    await revoke(fixture.group.id, ONE);
    await revoke(fixture.group.id, ONE);
    await revoke(fixture.top.id, TWO);
  });

  it('never revokes from the root group', async () => {
    await expect(revoke(ROOT_GROUP, ONE)).rejects.toMatchObject({ code: 'protected' });
    expect(await list(ROOT_GROUP)).toHaveLength(2);
  });

  it('requires the permission on the group, and checks the pool first', async () => {
    const assigner = await makeUser(fixture.depot, 'assigner', fixture.top.id, 'velocity.pool.assign');
    const ofTop = await makeUser(fixture.depot, 'of top', fixture.top.id, 'velocity.pool.revoke');
    await expect(revoke(fixture.group.id, ONE, assigner)).rejects.toMatchObject(FORBIDDEN);
    await revoke(fixture.group.id, ONE, ofTop);
    await expect(revoke(NOWHERE, ONE, ofTop)).rejects.toMatchObject(FORBIDDEN);
    await expect(revoke(NOWHERE, UNKNOWN)).rejects.toMatchObject(NO_POOL);
    await expect(revoke(NOWHERE, ONE)).rejects.toMatchObject(NO_GROUP);
  });
});

describe('ListPools', () => {
  it('lists the assigned pools in the order of the pools file, and all pools for the root group', async () => {
    const turned = new ListPools(fixture.work, fixture.pools.toReversed());
    expect((await turned.run(fixture.root, fixture.group.id)).map(({ pool }) => pool.name)).toEqual([
      'pool 2',
      'pool 1',
    ]);
    expect((await list(ROOT_GROUP)).map(({ pool }) => pool.id)).toEqual([ONE, TWO]);
    expect(await list(fixture.top.id)).toEqual([]);
  });

  it('omits pools that are not configured any more', async () => {
    const fewer = new ListPools(fixture.work, [fixture.pools[1]!]);
    expect((await fewer.run(fixture.root, fixture.group.id)).map(({ pool }) => pool.id)).toEqual([TWO]);
  });

  it('reports no limit if there is none', async () => {
    expect(await list(fixture.group.id)).toEqual([
      { pool: fixture.pools[0], ...ALL, quota: 0, used: 0, available: null },
      { pool: fixture.pools[1], ...ALL, quota: 0, used: 0, available: null },
    ]);
  });

  it('reports the headroom below the tightest limit of group, ancestors and capacity', async () => {
    await upload(10);
    await assign(fixture.group.id, ONE, 1000);
    expect(await available()).toBe(990);
    await assign(fixture.top.id, ONE, 500);
    expect(await available()).toBe(490);
    await assign(ROOT_GROUP, ONE, 100);
    expect(await available()).toBe(90);
    await fixture.depot.work.run(async (tx) => tx.pools.store({ ...fixture.pools[0]!, capacity: bytes(60) }));
    expect(await available()).toBe(50);
    const [pool] = await list(fixture.group.id);
    expect(pool).toMatchObject({ quota: 1000, used: 10 });
  });

  it('includes the usage of the groups below', async () => {
    await assign(fixture.top.id, ONE, 100);
    await upload(30);
    expect((await list(fixture.top.id))[0]).toMatchObject({ used: 30, available: 70 });
  });

  it('requires the permission on the group, and reports a missing group only on the root', async () => {
    const ofGroup = await makeUser(fixture.depot, 'of group', fixture.group.id, 'velocity.pool.list');
    expect(await list(fixture.group.id, ofGroup)).toHaveLength(2);
    expect(await list(fixture.top.id, ofGroup)).toEqual([]);
    const above = await makeUser(fixture.depot, 'above', fixture.top.id, 'velocity.group.view');
    await expect(list(fixture.top.id, above)).rejects.toMatchObject(FORBIDDEN);
    await expect(list(fixture.group.id, above)).rejects.toMatchObject(FORBIDDEN);
    await expect(list(NOWHERE, ofGroup)).rejects.toMatchObject(FORBIDDEN);
    await expect(list(NOWHERE)).rejects.toMatchObject(NO_GROUP);
  });
});
