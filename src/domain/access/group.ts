import { DomainError } from '../shared/domain-error.ts';
import type { GroupId } from '../shared/ids.ts';

/** The maximum depth of a group below the root (docs/velocity.md#users-groups-and-permissions). */
export const MAX_GROUP_DEPTH = 32;

/** A group in the tree. Groups never move: a path is permanent. */
export interface Group {
  readonly id: GroupId;
  readonly parentId: GroupId;
  readonly name: string;
  /** From the root to the group itself, both included. */
  readonly path: readonly GroupId[];
}

/**
 * Verifies that a group may be created below `parent`.
 *
 * @throws DomainError `groups-too-deep`
 */
export function requireDepthBelow(parent: Group): void {
  if (parent.path.length > MAX_GROUP_DEPTH) throw new DomainError('groups-too-deep', { max: MAX_GROUP_DEPTH });
}
