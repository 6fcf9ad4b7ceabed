import type { AuditEntry, AuditCursor, AuditSearch } from '../../domain/audit/audit-entry.ts';
import type { Actor, AuditEvent } from '../../domain/audit/audit-event.ts';

/** Who did what. Nothing here is ever changed; it is forgotten after its time. */
export interface AuditRepository {
  /**
   * Writes down what was done, in one statement, with the time by the database's clock. What it was
   * done to keeps the name that it has at this moment, so that what is removed is written down
   * before it goes; media bring the group and the pool that they have.
   */
  record(by: Actor, ...events: readonly AuditEvent[]): Promise<void>;
  /**
   * At most `most` entries that were written down before `after`, newest first. One indexed query.
   */
  search(search: AuditSearch, max: number, after: AuditCursor | null): Promise<readonly AuditEntry[]>;
  /**
   * Forgets what is older than `days`, oldest first, at most a thousand at once. Answers how many.
   */
  forget(days: number): Promise<number>;
}

/** Decides what is written down of what was done. */
export interface AuditEventFilter {
  /** Those of the deeds of one call that are to be written down. */
  toWrite(by: Actor, events: readonly AuditEvent[]): readonly AuditEvent[];
}
