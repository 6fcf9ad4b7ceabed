import type { Group } from '../../src/domain/access/group.ts';
import type { GroupId, PoolId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { untilBlocked } from '../support/waiting/gate.ts';
import { makeGroups } from '../support/fixtures/users.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const POOLS = [3, 1, 2] as PoolId[];
const [THREE, ONE, TWO] = POOLS as [PoolId, PoolId, PoolId];

describe.each(UNITS_OF_WORK)('AssignmentRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let upper: Group;
  let lower: Group;
  beforeEach(async () => {
    depot = await open();
    [upper, lower] = (await makeGroups(depot, 'upper', 'lower')) as [Group, Group];
    await depot.work.run(async (tx) => {
      for (const id of POOLS) {
        await tx.pools.store({ id, name: `pool ${id}`, capacity: null, storageType: 'local', isDefault: false });
      }
    });
  });
  afterEach(async () => depot.close());

  it.each([
    { write: false, manage: false },
    { write: true, manage: false },
    { write: false, manage: true },
    { write: true, manage: true },
  ])('returns the rights as stored: $write, $manage', async (rights) => {
    await depot.work.run(async (tx) => {
      await tx.assignments.store(upper.id, ONE, rights);
      expect(await tx.assignments.find(upper.id, ONE)).toEqual(rights);
    });
  });

  it('returns the assignment of the group itself on this pool only', async () => {
    await depot.work.run(async (tx) => {
      await tx.assignments.store(upper.id, ONE, { write: true, manage: true });
      expect(await tx.assignments.find(lower.id, ONE)).toBeNull();
      expect(await tx.assignments.find(upper.id, TWO)).toBeNull();
      expect(await tx.assignments.find(999 as GroupId, ONE)).toBeNull();
    });
  });

  it('updates the rights of an existing assignment', async () => {
    await depot.work.run(async (tx) => {
      await tx.assignments.store(upper.id, ONE, { write: true, manage: true });
      await tx.assignments.store(upper.id, ONE, { write: false, manage: true });
      expect(await tx.assignments.find(upper.id, ONE)).toEqual({ write: false, manage: true });
    });
  });

  it('revokes one assignment, and accepts one that does not exist', async () => {
    await depot.work.run(async (tx) => {
      for (const pool of [ONE, TWO]) await tx.assignments.store(upper.id, pool, { write: true, manage: true });
      await tx.assignments.store(lower.id, ONE, { write: true, manage: true });
      await tx.assignments.remove(upper.id, ONE);
      await tx.assignments.remove(upper.id, ONE);
      expect(await tx.assignments.find(upper.id, ONE)).toBeNull();
      expect(await tx.assignments.find(upper.id, TWO)).not.toBeNull();
      expect(await tx.assignments.find(lower.id, ONE)).not.toBeNull();
    });
  });

  it('stays unchanged for a transaction with a shared lock', async () => {
    const rights = { write: true, manage: true };
    await depot.work.run(async (tx) => tx.assignments.store(upper.id, ONE, rights));
    let changed: Promise<void> = Promise.resolve();
    await depot.work.run(async (tx) => {
      expect(await tx.assignments.lockShared(upper.id, TWO)).toBeNull();
      expect(await tx.assignments.lockShared(upper.id, ONE)).toEqual(rights);
      changed = depot.work.run(async (other) => other.assignments.store(upper.id, ONE, { ...rights, write: false }));
      await untilBlocked(depot.url);
      expect(await tx.assignments.find(upper.id, ONE)).toEqual(rights);
    });
    await changed;
    expect(await depot.work.run(async (tx) => tx.assignments.find(upper.id, ONE))).toMatchObject({ write: false });
  });

  it('returns the pools that groups manage', async () => {
    await depot.work.run(async (tx) => {
      await tx.assignments.store(upper.id, ONE, { write: false, manage: true });
      await tx.assignments.store(upper.id, TWO, { write: true, manage: false });
      await tx.assignments.store(lower.id, THREE, { write: true, manage: true });
      expect(await tx.assignments.managedBy([upper.id])).toEqual([{ group: upper.id, pool: ONE }]);
      expect(await tx.assignments.managedBy([upper.id, lower.id])).toHaveLength(2);
      expect(await tx.assignments.managedBy([])).toEqual([]);
    });
  });
});
