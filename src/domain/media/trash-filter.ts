import type { GroupId } from '../shared/ids.ts';

/** The orders of the list of the trash. */
export type TrashSort = 'trashed' | 'name' | 'size';

/** Groups whose trash is meant. */
export interface TrashFilter {
  /** Null for all groups. */
  readonly group: GroupId | null;
  /** Whether the groups below it are meant too. */
  readonly subtree: boolean;
}
