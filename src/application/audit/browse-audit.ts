import type { AuditCursor, AuditEntry, AuditSearch, Named } from '../../domain/audit/audit-entry.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP } from '../../domain/shared/ids.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';

export type BrowseAuditFailure = 'permission-missing' | 'group-not-found';

/**
 * Shows audit events: those by or about the caller, and to holders of `velocity.group.view` those
 * of a group, and on the root group all. To other callers, their own refused attempts tell nothing
 * about subjects that they do not see.
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
      const isOwn = search.user === caller.id && search.group === undefined;
      if (!isOwn) await requireView(tx, caller, search);
      const everywhere = search.group === ROOT_GROUP ? { ...search, group: undefined } : search;
      const found = await tx.audit.search(everywhere, max, after);
      const showsAll = !isOwn || !found.some(isRefused) || (await holdsView(tx, caller));
      return showsAll ? found : found.map((entry) => (isRefused(entry) ? asSent(entry, caller) : entry));
    });
  }
}

function isRefused({ result }: AuditEntry): boolean {
  return result !== 'done';
}

/**
 * Returns a refused attempt with the ids that the caller sent, and nothing that it did not know.
 */
function asSent(entry: AuditEntry, caller: Caller): AuditEntry {
  const { user, group, pool, media, server, tag } = entry;
  // The group and the pool of an item are added when the attempt is recorded.
  const isOfItem = media !== null;
  return {
    ...entry,
    user: user?.id === caller.id ? user : withoutName(user),
    group: isOfItem ? null : withoutName(group),
    pool: isOfItem ? null : withoutName(pool),
    media: withoutName(media),
    server: withoutName(server),
    tag: withoutName(tag),
  };
}

function withoutName<Id>(subject: Named<Id> | null): Named<Id> | null {
  return subject && { id: subject.id, name: null };
}

async function holdsView(tx: Transaction, caller: Caller): Promise<boolean> {
  return (await tx.groups.findFor(caller.id, 'velocity.group.view', ROOT_GROUP)).holds;
}

async function requireView(tx: Transaction, caller: Caller, search: AuditSearch): Promise<void> {
  const permission = 'velocity.group.view';
  const { group, holds } = await tx.groups.findFor(caller.id, permission, search.group ?? ROOT_GROUP);
  if (!holds) throw new DomainError('permission-missing', { permission });
  if (group === null) throw new DomainError('group-not-found');
}
