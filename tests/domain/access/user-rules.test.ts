import type { Group } from '../../../src/domain/access/group.ts';
import type { Grant } from '../../../src/domain/access/grant.ts';
import type { Permission } from '../../../src/domain/access/permission.ts';
import { mayRemoveUser, mayViewUser } from '../../../src/domain/access/user-rules.ts';
import { ROOT_GROUP, type GroupId, type UserId } from '../../../src/domain/shared/ids.ts';

const [upperId, lowerId, besideId] = [5, 6, 7] as [GroupId, GroupId, GroupId];
const upper: Group = { id: upperId, parentId: ROOT_GROUP, name: 'upper', path: [ROOT_GROUP, upperId] };
const lower: Group = { id: lowerId, parentId: upperId, name: 'lower', path: [ROOT_GROUP, upperId, lowerId] };
const beside: Group = { id: besideId, parentId: ROOT_GROUP, name: 'beside', path: [ROOT_GROUP, besideId] };

function on(permission: Permission, ...groups: GroupId[]): Grant[] {
  return groups.map((group) => ({ user: 1 as UserId, group, permission }));
}

describe('mayViewUser', () => {
  const view = (...groups: GroupId[]): Grant[] => on('velocity.user.view', ...groups);

  it('asks for the permission on one of the groups, or above it', () => {
    expect(mayViewUser(view(lowerId), [lower, beside])).toBe(true);
    expect(mayViewUser(view(upperId), [lower, beside])).toBe(true);
    expect(mayViewUser(view(lowerId), [upper])).toBe(false);
    expect(mayViewUser(view(besideId), [lower])).toBe(false);
    expect(mayViewUser(on('velocity.user.list', lowerId), [lower])).toBe(false);
  });

  it('shows users who are in no group, or do not exist, to those who hold it on the root', () => {
    expect(mayViewUser(view(ROOT_GROUP), [])).toBe(true);
    expect(mayViewUser(view(upperId), [])).toBe(false);
  });
});

describe('mayRemoveUser', () => {
  const remove = (...groups: GroupId[]): Grant[] => on('velocity.user.remove', ...groups);

  it('asks for the permission on every one of the groups, or above it', () => {
    expect(mayRemoveUser(remove(upperId, besideId), [lower, beside])).toBe(true);
    expect(mayRemoveUser(remove(ROOT_GROUP), [lower, beside])).toBe(true);
    expect(mayRemoveUser(remove(lowerId), [lower, beside])).toBe(false);
    expect(mayRemoveUser(remove(lowerId), [upper])).toBe(false);
    expect(mayRemoveUser(on('velocity.user.view', lowerId), [lower])).toBe(false);
  });

  it('asks for it on the root for users who are in no group, or do not exist', () => {
    expect(mayRemoveUser(remove(ROOT_GROUP), [])).toBe(true);
    expect(mayRemoveUser(remove(upperId), [])).toBe(false);
    expect(mayRemoveUser([], [])).toBe(false);
  });
});
