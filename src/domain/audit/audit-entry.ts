import type { GroupId, MediaId, PoolId, ServerId, TagId, UserId } from '../shared/ids.ts';
import type { Action, Details, Origin } from './audit-event.ts';

/**
 * A subject or an actor, with the name that it had at the time. The name stays after its removal.
 */
export interface Named<Id> {
  readonly id: Id;
  readonly name: string | null;
}

/** A recorded audit event. */
export interface AuditEntry extends Origin {
  /** Roughly in chronological order. */
  readonly id: string;
  /** The time of the database: ISO 8601 in UTC, with microseconds. */
  readonly at: string;
  readonly action: Action;
  readonly result: string;
  /**
   * The actor. Null for the program itself; without an id for an unknown user with a claimed name.
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

/** The conditions of a search; an entry meets all of them. */
export interface AuditSearch {
  /** The actor or the subject. */
  readonly user?: UserId | undefined;
  readonly group?: GroupId | undefined;
  readonly pool?: PoolId | undefined;
  readonly media?: MediaId | undefined;
  readonly action?: Action | undefined;
  /** A result; `refused` stands for all results but `done`. */
  readonly result?: string | undefined;
  /** The earliest time, inclusive. ISO 8601. */
  readonly since?: string | undefined;
  /** The latest time, exclusive. ISO 8601. */
  readonly until?: string | undefined;
}

/** The last entry of a page. */
export type AuditCursor = Pick<AuditEntry, 'at' | 'id'>;
