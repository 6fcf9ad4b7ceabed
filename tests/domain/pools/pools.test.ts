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
  ])('returns the assigned rights of a group: $write, $manage', (rights) => {
    expect(rightsOf(GROUP, rights)).toEqual(rights);
  });

  it('returns null for a group without an assignment', () => {
    expect(rightsOf(GROUP, null)).toBeNull();
  });

  it('returns all rights for the root group, with any assignment', () => {
    const all = { write: true, manage: true };
    expect(rightsOf(ROOT_GROUP, null)).toEqual(all);
    expect(rightsOf(ROOT_GROUP, { write: false, manage: false })).toEqual(all);
  });
});

describe('limitOf', () => {
  it('returns no limit for 0 and null, and any other quota as it is', () => {
    expect(limitOf(null)).toBeNull();
    expect(limitOf(bytes(0))).toBeNull();
    expect(limitOf(bytes(1))).toBe(1);
    expect(limitOf(MAX_BYTES)).toBe(MAX_BYTES);
  });
});

describe('findPool', () => {
  it('finds a pool by its id, in any position', () => {
    const pools = [3, 0, 1].map((id): Pool => {
      return { id: id as PoolId, name: `pool ${id}`, capacity: null, storageType: 'local', isDefault: id === 0 };
    });
    for (const pool of pools) expect(findPool(pools, pool.id)).toBe(pool);
    expect(findPool(pools, 2 as PoolId)).toBeNull();
    expect(findPool([], 0 as PoolId)).toBeNull();
  });
});
