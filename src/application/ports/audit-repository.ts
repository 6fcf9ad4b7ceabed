import type { AuditEntry, AuditCursor, AuditSearch } from '../../domain/audit/audit-entry.ts';
import type { Actor, AuditEvent } from '../../domain/audit/audit-event.ts';

/** The audit events: appended, searched, and deleted by age; never changed. */
export interface AuditRepository {
  /**
   * Appends the events, in one statement, with the time of the database. Every subject is recorded
   * with its current name, so a removal is recorded before the row is deleted; a media item adds
   * its group and pool.
   */
  record(by: Actor, ...events: readonly AuditEvent[]): Promise<void>;
  /**
   * Returns at most `max` entries that are older than the cursor, newest first. One indexed query.
   */
  search(search: AuditSearch, max: number, after: AuditCursor | null): Promise<readonly AuditEntry[]>;
  /** Deletes entries older than `days`, oldest first, at most 1000 per call. Returns how many. */
  forget(days: number): Promise<number>;
}

/** Decides which audit events are recorded. */
export interface AuditEventFilter {
  /** Returns the events of one call that are to be recorded. */
  toWrite(by: Actor, events: readonly AuditEvent[]): readonly AuditEvent[];
}
