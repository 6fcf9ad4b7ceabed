import { placementsInOrder } from '../../../src/domain/pools/placement.ts';
import type { Pool } from '../../../src/domain/pools/pool.ts';
import { ROOT_GROUP, type GroupId, type PoolId } from '../../../src/domain/shared/ids.ts';

const [ONE, TWO, THREE] = [1, 2, 3] as [PoolId, PoolId, PoolId];
const [LOW, HIGH] = [10, 20] as [GroupId, GroupId];
/** In the order of a pools file; the second pool is the default. */
const POOLS = [THREE, TWO, ONE].map((id): Pool => ({
  id,
  name: `pool ${id}`,
  capacity: null,
  storageType: 'dssd',
  isDefault: id === TWO,
}));

describe('placementsInOrder', () => {
  it('orders by group, then the default pool, then the order of the configuration', () => {
    const managed = [HIGH, LOW].flatMap((group) => [ONE, TWO, THREE].map((pool) => ({ group, pool })));
    expect(placementsInOrder(POOLS, null, [HIGH, LOW], managed)).toEqual([
      { group: HIGH, pool: TWO },
      { group: HIGH, pool: THREE },
      { group: HIGH, pool: ONE },
      { group: LOW, pool: TWO },
      { group: LOW, pool: THREE },
      { group: LOW, pool: ONE },
    ]);
  });

  it('puts the pool of the source first for a clone', () => {
    const managed = [ONE, TWO, THREE].map((pool) => ({ group: LOW, pool }));
    expect(placementsInOrder(POOLS, ONE, [LOW], managed).map(({ pool }) => pool)).toEqual([ONE, THREE, TWO]);
  });

  it('includes only pools that a group manages, and all of them for the root group', () => {
    expect(placementsInOrder(POOLS, null, [LOW, HIGH], [{ group: HIGH, pool: ONE }])).toEqual([
      { group: HIGH, pool: ONE },
    ]);
    expect(placementsInOrder(POOLS, null, [ROOT_GROUP], []).map(({ pool }) => pool)).toEqual([TWO, THREE, ONE]);
    expect(placementsInOrder(POOLS, null, [LOW], [])).toEqual([]);
  });
});
