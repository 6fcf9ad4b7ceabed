import { grantsPermission } from '../../../src/domain/access/grant.ts';
import { ROOT_GROUP, type GroupId, type UserId } from '../../../src/domain/shared/ids.ts';

const user = 1 as UserId;
const group = 5 as GroupId;
const child = 6 as GroupId;
const grants = [{ user, group, permission: 'velocity.group.view' }] as const;

describe('grantsPermission', () => {
  it('includes the group itself and its descendants', () => {
    expect(grantsPermission(grants, 'velocity.group.view', [ROOT_GROUP, group])).toBe(true);
    expect(grantsPermission(grants, 'velocity.group.view', [ROOT_GROUP, group, child])).toBe(true);
  });

  it('excludes ancestors, siblings and other permissions', () => {
    expect(grantsPermission(grants, 'velocity.group.view', [ROOT_GROUP])).toBe(false);
    expect(grantsPermission(grants, 'velocity.group.view', [ROOT_GROUP, child])).toBe(false);
    expect(grantsPermission(grants, 'velocity.group.create', [ROOT_GROUP, group])).toBe(false);
    expect(grantsPermission([], 'velocity.group.view', [ROOT_GROUP, group])).toBe(false);
  });
});
