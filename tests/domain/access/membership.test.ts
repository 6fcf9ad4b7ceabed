import type { Group } from '../../../src/domain/access/group.ts';
import { grantsBy, membershipsIn } from '../../../src/domain/access/membership.ts';
import { ROOT_GROUP, type GroupId, type UserId } from '../../../src/domain/shared/ids.ts';

const user = 1 as UserId;
const id = 5 as GroupId;
const root: Group = { id: ROOT_GROUP, parentId: ROOT_GROUP, name: 'root', path: [ROOT_GROUP] };
const group: Group = { id, parentId: ROOT_GROUP, name: 'group', path: [ROOT_GROUP, id] };

describe('membershipsIn', () => {
  it('lists the permissions on the group itself by number, and none on groups that only connect the tree', () => {
    const memberships = membershipsIn(
      [root, group],
      [
        { user, group: id, permission: 'velocity.media.list' },
        { user, group: id, permission: 'velocity.user.create' },
      ],
    );
    expect(memberships).toEqual([
      { group: root, permissions: [] },
      {
        group,
        permissions: [
          { number: 1, name: 'velocity.user.create', description: 'Create users' },
          { number: 13, name: 'velocity.media.list', description: 'List and read the media of a group' },
        ],
      },
    ]);
  });
});

describe('grantsBy', () => {
  it('keeps the order in which keys first appear', () => {
    const a = { user, group: id, permission: 'velocity.media.list' } as const;
    const b = { user, group: ROOT_GROUP, permission: 'velocity.media.list' } as const;
    const c = { user, group: id, permission: 'velocity.group.view' } as const;
    expect([...grantsBy([a, b, c], (grant) => grant.group)]).toEqual([
      [id, [a, c]],
      [ROOT_GROUP, [b]],
    ]);
  });
});
