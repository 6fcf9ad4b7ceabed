import fc from 'fast-check';
import { headroomOf, tightestLevel, type Level } from '../../../src/domain/quotas/headroom.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';

const level = fc.record({
  kind: fc.constantFrom('group' as const, 'pool' as const),
  used: fc.maxSafeNat().map(bytes),
  limit: fc.option(fc.maxSafeNat().map(bytes)),
});

function group(used: number, limit: number | null): Level {
  return { kind: 'group', used: bytes(used), limit: limit === null ? null : bytes(limit) };
}

describe('headroomOf', () => {
  it.each([
    [group(3, 10), 7],
    [group(10, 10), 0],
    [group(11, 10), 0],
    [group(0, 0), 0],
    [group(11, null), null],
  ])('of %j is %j', (given, left) => {
    expect(headroomOf(given)).toBe(left);
  });

  it('is exactly the number of bytes that can be added, and never negative', () => {
    fc.assert(
      fc.property(level, (given) => {
        const left = headroomOf(given);
        if (given.limit === null) expect(left).toBeNull();
        else if (given.used <= given.limit) expect(given.used + left!).toBe(given.limit);
        else expect(left).toBe(0);
      }),
    );
  });
});

describe('tightestLevel', () => {
  it('returns the level with the least headroom, the first of equal ones', () => {
    const levels = [group(0, null), group(5, 100), group(90, 100), group(40, 50)];
    expect(tightestLevel(levels)).toEqual({ level: levels[2], left: 10 });
    expect(tightestLevel(levels)!.level).toBe(levels[2]);
  });

  it('returns null if no level has a limit', () => {
    expect(tightestLevel([])).toBeNull();
    expect(tightestLevel([group(5, null), group(0, null)])).toBeNull();
  });

  it('returns no more than any level has left', () => {
    fc.assert(
      fc.property(fc.array(level), (levels) => {
        const found = tightestLevel(levels);
        const limited = levels.map(headroomOf).filter((left) => left !== null);
        expect(found?.left ?? null).toBe(limited.length === 0 ? null : Math.min(...limited));
        if (found !== null) expect(levels).toContain(found.level);
      }),
    );
  });
});
