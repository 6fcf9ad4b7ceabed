import { tenantOf, WITHOUT_HOME } from '../../../src/domain/access/tenant.ts';
import type { GroupId } from '../../../src/domain/shared/ids.ts';

describe('tenantOf', () => {
  it('returns the child of group 0 that contains the home group, at any depth', () => {
    expect(tenantOf({ path: [0, 7] as GroupId[] })).toBe(7);
    expect(tenantOf({ path: [0, 7, 8, 9] as GroupId[] })).toBe(7);
  });

  it('distinguishes users with group 0 as home from users without a home', () => {
    expect(tenantOf({ path: [0] as GroupId[] })).toBe(0);
    expect(tenantOf(null)).toBe(WITHOUT_HOME);
    expect(WITHOUT_HOME).not.toBe(0);
  });
});
