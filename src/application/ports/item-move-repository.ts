import type { GroupId, MediaId } from '../../domain/shared/ids.ts';

/**
 * Moves of items between groups. The caller has locked the item and both groups, and moves the
 * charge in the same transaction.
 */
export interface ItemMoveRepository {
  /** Gives an item in `ready` to another group. */
  changeGroup(id: MediaId, group: GroupId): Promise<void>;
}
