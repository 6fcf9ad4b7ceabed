import type { Bytes } from '../shared/bytes.ts';
import { ROOT_GROUP, type GroupId } from '../shared/ids.ts';

/** The rights of a group on a pool. They are independent of each other and not inherited. */
export interface PoolRights {
  /** Write to items in place, unless they are read-only. */
  readonly write: boolean;
  /** Create and remove items. */
  readonly manage: boolean;
}

const EVERY_RIGHT: PoolRights = { write: true, manage: true };

/**
 * Returns the rights of a group with this assignment; the root group has all rights on every pool
 * (docs/velocity.md#the-root-group).
 */
export function rightsOf(group: GroupId, assigned: PoolRights | null): PoolRights | null {
  return group === ROOT_GROUP ? EVERY_RIGHT : assigned;
}

/**
 * Returns the limit that a quota sets: 0 and null mean no limit of its own
 * (docs/velocity.md#quota).
 */
export function limitOf(quota: Bytes | null): Bytes | null {
  return quota === null || quota === 0 ? null : quota;
}
