import type { Bytes } from '../shared/bytes.ts';
import { ROOT_GROUP, type GroupId } from '../shared/ids.ts';

/**
 * What a group may do with a pool. The two are independent of each other and not inherited by
 * subgroups.
 */
export interface PoolRights {
  /** Write to its media there, unless they are read-only. */
  readonly write: boolean;
  /** Make and remove media there. */
  readonly manage: boolean;
}

const EVERY_RIGHT: PoolRights = { write: true, manage: true };

/**
 * The rights of a group, given what it was assigned: the root group has every right on every pool
 * (docs/velocity.md#the-root-group).
 */
export function rightsOf(group: GroupId, assigned: PoolRights | null): PoolRights | null {
  return group === ROOT_GROUP ? EVERY_RIGHT : assigned;
}

/**
 * The limit that a quota sets: 0 and none at all mean no limit of its own (docs/velocity.md#quota).
 */
export function limitOf(quota: Bytes | null): Bytes | null {
  return quota === null || quota === 0 ? null : quota;
}
