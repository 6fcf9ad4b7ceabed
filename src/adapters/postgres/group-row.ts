import type { Group } from '../../domain/access/group.ts';
import type { GroupId } from '../../domain/shared/ids.ts';

export interface GroupRow {
  readonly id: string;
  readonly parent_id: string;
  readonly name: string;
  readonly path: readonly string[];
}

export const GROUP_COLUMNS = 'id, parent_id, name, path';

export function toGroup(row: GroupRow): Group {
  return {
    id: Number(row.id) as GroupId,
    parentId: Number(row.parent_id) as GroupId,
    name: row.name,
    path: row.path.map((id) => Number(id) as GroupId),
  };
}
