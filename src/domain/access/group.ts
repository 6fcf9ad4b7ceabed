import { DomainError } from '../shared/domain-error.ts';
import type { GroupId } from '../shared/ids.ts';

/** Groups nest at most this deep below the root (docs/velocity.md#users-groups-and-permissions). */
export const MAX_GROUP_DEPTH = 32;

/** A group in the tree. Groups never move, so its path is as lasting as its id. */
export interface Group {
  readonly id: GroupId;
  readonly parentId: GroupId;
  readonly name: string;
  /** From the root to the group itself, both included. */
  readonly path: readonly GroupId[];
}

/**
 * Refuses a group below `parent` that would lie too deep.
 *
 * @throws DomainError `groups-too-deep`
 */
export function requireDepthBelow(parent: Group): void {
  if (parent.path.length > MAX_GROUP_DEPTH) throw new DomainError('groups-too-deep', { max: MAX_GROUP_DEPTH });
}
