import type { Group } from '../access/group.ts';
import { rightsOf, type PoolRights } from '../pools/assignment.ts';
import { DomainError } from '../shared/domain-error.ts';

/** What decides whether a user may create an item in a group and a pool. */
export interface CreationRights {
  /** Null for a group that was removed. */
  readonly group: Pick<Group, 'id' | 'path'> | null;
  /** Whether the user holds `velocity.media.create` on the group. */
  readonly holds: boolean;
  /** The assignment of the pool to the group. */
  readonly assigned: PoolRights | null;
}

/** @throws DomainError `group-not-found`, `permission-missing` or `not-manager` */
export function requireCreation({ group, holds, assigned }: CreationRights): void {
  if (group === null) throw new DomainError('group-not-found');
  if (!holds) throw new DomainError('permission-missing', { permission: 'velocity.media.create' });
  if (rightsOf(group.id, assigned)?.manage !== true) throw new DomainError('not-manager');
}
