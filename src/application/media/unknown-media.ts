import type { Caller } from '../../domain/access/caller.ts';
import type { Permission } from '../../domain/access/permission.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** Why media are refused that are not there: somebody who holds the permission nowhere does not learn which exist (docs/velocity.md#media). */
export async function unknownMedia(tx: Transaction, caller: Caller, permission: Permission): Promise<DomainError> {
  return (await tx.grants.holdsAnywhere(caller.id, permission))
    ? new DomainError('media-not-found')
    : new DomainError('permission-missing', { permission });
}
