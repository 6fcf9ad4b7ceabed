import { limitOf, rightsOf } from '../../../src/domain/pools/assignment.ts';
import { findPool, type Pool } from '../../../src/domain/pools/pool.ts';
import { bytes, MAX_BYTES } from '../../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type GroupId, type PoolId } from '../../../src/domain/shared/ids.ts';

const GROUP = 5 as GroupId;

describe('rightsOf', () => {
  it.each([
    { write: false, manage: false },
    { write: true, manage: false },
    { write: false, manage: true },
  ])('leaves a group what it was assigned: $write, $manage', (rights) => {
    expect(rightsOf(GROUP, rights)).toEqual(rights);
  });

  it('leaves a group nothing where nothing was assigned', () => {
    expect(rightsOf(GROUP, null)).toBeNull();
  });

  it('gives the root group every right, whatever was assigned', () => {
    const all = { write: true, manage: true };
    expect(rightsOf(ROOT_GROUP, null)).toEqual(all);
    expect(rightsOf(ROOT_GROUP, { write: false, manage: false })).toEqual(all);
  });
});

describe('limitOf', () => {
  it('takes 0 and nothing for no limit, and everything else for what it says', () => {
    expect(limitOf(null)).toBeNull();
    expect(limitOf(bytes(0))).toBeNull();
    expect(limitOf(bytes(1))).toBe(1);
    expect(limitOf(MAX_BYTES)).toBe(MAX_BYTES);
  });
});

describe('findPool', () => {
  it('finds a pool by its id, wherever it stands', () => {
    const pools = [3, 0, 1].map((id): Pool => {
      return { id: id as PoolId, name: `pool ${id}`, capacity: null, storageType: 'local', isDefault: id === 0 };
    });
    for (const pool of pools) expect(findPool(pools, pool.id)).toBe(pool);
    expect(findPool(pools, 2 as PoolId)).toBeNull();
    expect(findPool([], 0 as PoolId)).toBeNull();
  });
});
