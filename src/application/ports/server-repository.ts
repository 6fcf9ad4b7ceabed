import type { Attachment, Server, ServerDefinition, ServerSearch } from '../../domain/servers/server.ts';
import type { GroupId, MediaId, PoolId, ServerId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import type { Batch, FirstBatch, ListCursor } from '../../domain/shared/page.ts';

/** The servers to which a media item is attached. */
export interface MediaUse {
  /** Whether it is attached to a server of any user. */
  readonly isAttached: boolean;
  /** The servers of one user to which it is attached, oldest first. */
  readonly servers: readonly ServerId[];
}

/**
 * The reason to check attachments again: a user lost grants on a group, or a pool assignment of a
 * group changed.
 */
export type LostRights =
  { readonly user: UserId; readonly group: GroupId } | { readonly group: GroupId; readonly pool: PoolId };

/** A media item that was detached from a server. */
export interface Detached {
  readonly server: ServerId;
  readonly media: MediaId;
}

/** A server to which an item is attached. */
export interface Holder {
  readonly server: ServerId;
  readonly name: string;
  /** The name of the user who owns the server. */
  readonly owner: string;
}

/** The servers and their attachments. Lock a server before groups and media items. */
export interface ServerRepository {
  /**
   * Stores a server without attachments.
   *
   * @throws DomainError `user-not-found` when its owner was removed
   */
  insert(server: Omit<Server, 'attachments'>): Promise<void>;
  /** Returns a server of this user, or null. */
  find(id: ServerId, owner: UserUuid): Promise<Server | null>;
  /**
   * As `find`, and locks the server until the transaction ends (for update). The removal of an item
   * still detaches it.
   */
  lock(id: ServerId, owner: UserUuid): Promise<Server | null>;
  define(id: ServerId, definition: ServerDefinition): Promise<void>;
  /** Replaces the attachments of the server. The caller has locked their items. */
  attach(id: ServerId, attachments: readonly Attachment[]): Promise<void>;
  /**
   * Detaches the items that the owners of servers may no longer hold
   * (docs/servers.md#what-can-be-attached), among those that the lost rights concern. Library
   * drives stay attached. Returns the detached items, once per server.
   */
  detachUnentitled(lost: LostRights): Promise<readonly Detached[]>;
  /** Deletes a server with its attachments, but not the items. */
  remove(id: ServerId): Promise<void>;
  /** Returns the servers of a user that match, newest last, then by id. */
  search(owner: UserUuid, search: ServerSearch): Promise<FirstBatch<Server>>;
  /** Continues `search` after `after`, with at most `max` servers. */
  searchBehind(owner: UserUuid, search: ServerSearch, after: ListCursor, max: number): Promise<Batch<Server>>;
  /** Returns the servers of each of these items; leaves out items that are not attached. */
  usesOf(media: readonly MediaId[], owner: UserUuid): Promise<ReadonlyMap<MediaId, MediaUse>>;
  /**
   * Returns how many servers of all users an item is attached to, and at most `max` of them, oldest
   * first.
   */
  holdersOf(media: MediaId, max: number): Promise<{ readonly count: number; readonly oldest: readonly Holder[] }>;
  /** Returns the servers of all users to which an item is attached. */
  having(media: MediaId): Promise<readonly ServerId[]>;
}
