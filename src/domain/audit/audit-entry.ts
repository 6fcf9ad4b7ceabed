import type { GroupId, MediaId, PoolId, ServerId, TagId, UserId } from '../shared/ids.ts';
import type { Action, Details, Origin } from './audit-event.ts';

/**
 * One of those that something was done to, or who did it, as it was called then. Names stay when
 * what they name is gone.
 */
export interface Named<Id> {
  readonly id: Id;
  readonly name: string | null;
}

/** What was written down of one deed. */
export interface AuditEntry extends Origin {
  /** Ascending, roughly as things happened. */
  readonly id: string;
  /** When, by the database's clock: ISO 8601 in UTC, to the microsecond. */
  readonly at: string;
  readonly action: Action;
  readonly result: string;
  /**
   * Null where it was the program itself; without an id, somebody unknown who claimed to be called
   * so.
   */
  readonly by: Named<UserId | null> | null;
  readonly user: Named<UserId> | null;
  readonly group: Named<GroupId> | null;
  readonly pool: Named<PoolId> | null;
  readonly media: Named<MediaId> | null;
  readonly server: Named<ServerId> | null;
  readonly tag: Named<TagId> | null;
  readonly details: Details;
}

/** Which entries are wanted: those that all of this holds for. */
export interface AuditSearch {
  /** Who did it, or whom it was done to. */
  readonly user?: UserId | undefined;
  readonly group?: GroupId | undefined;
  readonly pool?: PoolId | undefined;
  readonly media?: MediaId | undefined;
  readonly action?: Action | undefined;
  /** `refused` is everything but `done`. */
  readonly result?: string | undefined;
  /** From this moment on. ISO 8601. */
  readonly since?: string | undefined;
  /** Before this moment. ISO 8601. */
  readonly until?: string | undefined;
}

/** How far somebody has read. */
export type AuditCursor = Pick<AuditEntry, 'at' | 'id'>;
