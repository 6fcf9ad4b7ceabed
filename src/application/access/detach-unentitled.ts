import type { AuditEvent } from '../../domain/audit/audit-event.ts';
import type { LostRights } from '../ports/server-repository.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Detaches items from servers whose owners lost the right to them. Call it in the transaction that
 * revokes the right. Returns the audit events of it.
 */
export async function detachUnentitled(tx: Transaction, lost: LostRights): Promise<readonly AuditEvent[]> {
  const detached = await tx.servers.detachUnentitled(lost);
  return detached.map(({ server, media }) => ({ action: 'media.detach', server, media }));
}
