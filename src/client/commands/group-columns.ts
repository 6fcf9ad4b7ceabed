import type { Group, Groups } from '../find/groups.ts';
import type { Column } from '../terminal/table.ts';

/** Returns the columns of a list of groups. */
export function groupColumns(groups: Groups): readonly Column<Group>[] {
  return [
    { title: 'ID', show: ({ id }) => String(id), align: 'right' },
    { title: 'GROUP', show: ({ id }) => groups.pathOf(id) },
  ];
}
