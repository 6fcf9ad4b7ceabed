import { MAX_GROUP_DEPTH, requireDepthBelow, type Group } from '../../../src/domain/access/group.ts';
import type { GroupId } from '../../../src/domain/shared/ids.ts';

function groupAt(depth: number): Group {
  const path = Array.from({ length: depth + 1 }, (_, id) => id as GroupId);
  return { id: depth as GroupId, parentId: Math.max(0, depth - 1) as GroupId, name: 'group', path };
}

describe('requireDepthBelow', () => {
  it('lets groups nest 32 deep below the root, and no deeper', () => {
    expect(MAX_GROUP_DEPTH).toBe(32);
    requireDepthBelow(groupAt(0));
    requireDepthBelow(groupAt(31));
    expect(() => requireDepthBelow(groupAt(32))).toThrow('groups-too-deep');
  });
});
