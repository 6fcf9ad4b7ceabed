import type { Caller } from '../../domain/access/caller.ts';
import type { Permission } from '../../domain/access/permission.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Why an item is refused that does not exist: as one of a group on which the caller does not hold
 * the permission, but for those who hold it on the root, so that ids cannot be probed
 * (docs/velocity.md#which-ids-exist).
 */
export async function unknownMedia(tx: Transaction, caller: Caller, permission: Permission): Promise<DomainError> {
  return (await tx.grants.holds(caller.id, permission, [ROOT_GROUP]))
    ? new DomainError('media-not-found')
    : new DomainError('permission-missing', { permission });
}
