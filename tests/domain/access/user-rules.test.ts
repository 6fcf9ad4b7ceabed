import type { Group } from '../../../src/domain/access/group.ts';
import type { Grant } from '../../../src/domain/access/grant.ts';
import type { Permission } from '../../../src/domain/access/permission.ts';
import { mayRemoveUser } from '../../../src/domain/access/user-rules.ts';
import { ROOT_GROUP, type GroupId, type UserId } from '../../../src/domain/shared/ids.ts';

const [upperId, lowerId, besideId] = [5, 6, 7] as [GroupId, GroupId, GroupId];
const upper: Group = { id: upperId, parentId: ROOT_GROUP, name: 'upper', path: [ROOT_GROUP, upperId] };
const lower: Group = { id: lowerId, parentId: upperId, name: 'lower', path: [ROOT_GROUP, upperId, lowerId] };

function on(permission: Permission, ...groups: GroupId[]): Grant[] {
  return groups.map((group) => ({ user: 1 as UserId, group, permission }));
}

describe('mayRemoveUser', () => {
  const remove = (...groups: GroupId[]): Grant[] => on('velocity.user.remove', ...groups);

  it('requires the permission on the home group or an ancestor', () => {
    expect(mayRemoveUser(remove(lowerId), lower)).toBe(true);
    expect(mayRemoveUser(remove(upperId), lower)).toBe(true);
    expect(mayRemoveUser(remove(ROOT_GROUP), lower)).toBe(true);
    expect(mayRemoveUser(remove(lowerId), upper)).toBe(false);
    expect(mayRemoveUser(remove(besideId), lower)).toBe(false);
    expect(mayRemoveUser(on('velocity.user.view', lowerId), lower)).toBe(false);
  });

  it('requires it on the root for users who have no home group or do not exist', () => {
    expect(mayRemoveUser(remove(ROOT_GROUP), null)).toBe(true);
    expect(mayRemoveUser(remove(upperId), null)).toBe(false);
    expect(mayRemoveUser([], null)).toBe(false);
  });
});
