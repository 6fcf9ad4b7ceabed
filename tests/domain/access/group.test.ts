import { DEEPEST_GROUP, requireRoomBelow, type Group } from '../../../src/domain/access/group.ts';
import type { GroupId } from '../../../src/domain/shared/ids.ts';

function groupAt(depth: number): Group {
  const path = Array.from({ length: depth + 1 }, (_, id) => id as GroupId);
  return { id: depth as GroupId, parentId: Math.max(0, depth - 1) as GroupId, name: 'group', path };
}

describe('requireRoomBelow', () => {
  it('lets groups nest 32 deep below the root, and no deeper', () => {
    expect(DEEPEST_GROUP).toBe(32);
    requireRoomBelow(groupAt(0));
    requireRoomBelow(groupAt(31));
    expect(() => requireRoomBelow(groupAt(32))).toThrow('groups-too-deep');
  });
});
