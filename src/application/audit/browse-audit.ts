import type { AuditCursor, AuditEntry, AuditSearch } from '../../domain/audit/audit-entry.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP } from '../../domain/shared/ids.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';

export type BrowseAuditFailure = 'permission-missing' | 'group-not-found';

/**
 * Shows audit events: those by or about the caller, and to holders of `velocity.group.view` those
 * of a group, and on the root group all.
 */
export class BrowseAudit {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** Returns at most `max` events that are older than the cursor, newest first. */
  async run(
    caller: Caller,
    search: AuditSearch,
    max: number,
    after: AuditCursor | null,
  ): Promise<readonly AuditEntry[]> {
    return this.#work.onBehalfOf(caller).read(async (tx) => {
      const isOwn = search.user === caller.id;
      if (!isOwn) await requireView(tx, caller, search);
      return tx.audit.search(search, max, after);
    });
  }
}

async function requireView(tx: Transaction, caller: Caller, search: AuditSearch): Promise<void> {
  const permission = 'velocity.group.view';
  const { group, holds } = await tx.groups.findFor(caller.id, permission, search.group ?? ROOT_GROUP);
  if (!holds) throw new DomainError('permission-missing', { permission });
  if (group === null) throw new DomainError('group-not-found');
}
