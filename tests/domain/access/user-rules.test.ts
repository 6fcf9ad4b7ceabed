import type { Group } from '../../../src/domain/access/group.ts';
import type { Grant } from '../../../src/domain/access/grant.ts';
import { findPermission, type Permission } from '../../../src/domain/access/permission.ts';
import { mayRemoveUser, mayViewUser, visibleMemberships } from '../../../src/domain/access/user-rules.ts';
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

describe('visibleMemberships', () => {
  const held = findPermission('velocity.media.list')!;
  const root: Group = { id: ROOT_GROUP, parentId: ROOT_GROUP, name: 'root', path: [ROOT_GROUP] };
  const memberships = [root, upper, lower, beside].map((group) => ({ group, permissions: [held] }));

  it('are those where the viewer may view users, and their ancestors without what is held there', () => {
    expect(visibleMemberships(on('velocity.user.view', lowerId), memberships)).toEqual([
      { group: root, permissions: [] },
      { group: upper, permissions: [] },
      { group: lower, permissions: [held] },
    ]);
    expect(visibleMemberships(on('velocity.user.view', ROOT_GROUP), memberships)).toEqual(memberships);
    expect(visibleMemberships(on('velocity.user.list', ROOT_GROUP), memberships)).toEqual([]);
  });

  it('leave out groups that are there to draw the tree of others', () => {
    const drawn = { group: upper, permissions: [] };
    expect(visibleMemberships(on('velocity.user.view', upperId), [drawn])).toEqual([]);
  });
});

describe('mayRemoveUser', () => {
  const remove = (...groups: GroupId[]): Grant[] => on('velocity.user.remove', ...groups);

  it('asks for the permission on the home group, or above it', () => {
    expect(mayRemoveUser(remove(lowerId), lower)).toBe(true);
    expect(mayRemoveUser(remove(upperId), lower)).toBe(true);
    expect(mayRemoveUser(remove(ROOT_GROUP), lower)).toBe(true);
    expect(mayRemoveUser(remove(lowerId), upper)).toBe(false);
    expect(mayRemoveUser(remove(besideId), lower)).toBe(false);
    expect(mayRemoveUser(on('velocity.user.view', lowerId), lower)).toBe(false);
  });

  it('asks for it on the root for users who have no home, or do not exist', () => {
    expect(mayRemoveUser(remove(ROOT_GROUP), null)).toBe(true);
    expect(mayRemoveUser(remove(upperId), null)).toBe(false);
    expect(mayRemoveUser([], null)).toBe(false);
  });
});
