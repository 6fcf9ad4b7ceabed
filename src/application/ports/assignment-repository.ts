import type { PoolRights } from '../../domain/pools/assignment.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';

export interface AssignmentRepository {
  /** What the group itself was assigned on the pool; null if nothing. */
  find(group: GroupId, pool: PoolId): Promise<PoolRights | null>;
  /** As `find`, and the assignment stays as it is until the transaction ends (share). */
  lockShared(group: GroupId, pool: PoolId): Promise<PoolRights | null>;
  /**
   * Assigns, or updates the rights. The quota lies with the usage: see `UsageRepository.setQuota`.
   */
  store(group: GroupId, pool: PoolId, rights: PoolRights): Promise<void>;
  /** Revokes; revoking what was not assigned is fine. */
  remove(group: GroupId, pool: PoolId): Promise<void>;
  /** The pools that these groups were assigned with `manage`. */
  managedBy(groups: readonly GroupId[]): Promise<readonly { readonly group: GroupId; readonly pool: PoolId }[]>;
}
