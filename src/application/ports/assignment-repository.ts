import type { PoolRights } from '../../domain/pools/assignment.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';

/** The assignments of pools to groups. */
export interface AssignmentRepository {
  /** Returns the rights of the group itself on the pool, or null if it is not assigned. */
  find(group: GroupId, pool: PoolId): Promise<PoolRights | null>;
  /** As `find`, and locks the assignment until the transaction ends (for share). */
  lockShared(group: GroupId, pool: PoolId): Promise<PoolRights | null>;
  /** Assigns the pool, or updates the rights. The quota is set by `UsageRepository.setQuota`. */
  store(group: GroupId, pool: PoolId, rights: PoolRights): Promise<void>;
  /** Revokes the assignment. Idempotent. */
  remove(group: GroupId, pool: PoolId): Promise<void>;
  /** Returns the pools that are assigned to these groups with `manage`. */
  managedBy(groups: readonly GroupId[]): Promise<readonly { readonly group: GroupId; readonly pool: PoolId }[]>;
}
