import type { Caller } from '../../domain/access/caller.ts';
import type { Permission } from '../../domain/access/permission.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Returns the error for an item that does not exist: the same as for an item of a group on which
 * the caller lacks the permission, so that ids cannot be probed (docs/velocity.md#which-ids-exist).
 * Only callers who hold the permission on the root learn that the item does not exist.
 */
export async function unknownMedia(tx: Transaction, caller: Caller, permission: Permission): Promise<DomainError> {
  return (await tx.grants.holds(caller.id, permission, [ROOT_GROUP]))
    ? new DomainError('media-not-found')
    : new DomainError('permission-missing', { permission });
}
