import type { AuditEntry, AuditCursor, AuditSearch } from '../../domain/audit/audit-entry.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** The number of entries in memory at once. */
const PAGE_SIZE = 500;

/** Reads the audit trail. For the operator: checks no permission. */
export class ReadAuditEntries {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** Yields the entries that match `search`, newest first, at most `max` of them; null for all. */
  async *run(search: AuditSearch, max: number | null): AsyncGenerator<AuditEntry, void, undefined> {
    let left = max ?? Number.POSITIVE_INFINITY;
    let after: AuditCursor | null = null;
    while (left > 0) {
      const pageSize = Math.min(left, PAGE_SIZE);
      const from: AuditCursor | null = after;
      const page: readonly AuditEntry[] = await this.#work.read(async (tx) => tx.audit.search(search, pageSize, from));
      yield* page;
      left -= page.length;
      after = page.at(-1) ?? null;
      if (page.length < pageSize) return;
    }
  }
}
