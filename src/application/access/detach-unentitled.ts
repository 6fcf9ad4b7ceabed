import type { AuditEvent } from '../../domain/audit/audit-event.ts';
import type { LostRights } from '../ports/server-repository.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/**
 * Detaches what the owners of servers lost their right to, for the transaction that has just taken
 * these rights away. Returns what the audit is to say of it.
 */
export async function detachUnentitled(tx: Transaction, lost: LostRights): Promise<readonly AuditEvent[]> {
  const detached = await tx.servers.detachUnentitled(lost);
  return detached.map(({ server, media }) => ({ action: 'media.detach', server, media }));
}
