import type { Attachment, Server, ServerDefinition, ServerSearch } from '../../domain/servers/server.ts';
import type { GroupId, MediaId, PoolId, ServerId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import type { Batch, FirstBatch, ListCursor } from '../../domain/shared/page.ts';

/** How media are in use. */
export interface MediaUse {
  /** Whether anybody's server has them. */
  readonly isAttached: boolean;
  /** The servers of one user that have them, oldest first. */
  readonly servers: readonly ServerId[];
}

/**
 * What took rights away: fewer grants of one user on a group, or another assignment of a pool to a
 * group.
 */
export type LostRights =
  { readonly user: UserId; readonly group: GroupId } | { readonly group: GroupId; readonly pool: PoolId };

/** A media item on a server. */
export interface Detached {
  readonly server: ServerId;
  readonly media: MediaId;
}

/** A server that has a media item. */
export interface Holder {
  readonly server: ServerId;
  readonly name: string;
  /** The name of the user whose server it is. */
  readonly owner: string;
}

/** Servers with what is attached to them. A server is locked before groups and media. */
export interface ServerRepository {
  /** Stores a server without attachments. Fails with `user-not-found` where its owner is gone. */
  insert(server: Omit<Server, 'attachments'>): Promise<void>;
  /** A server of this user, or null. */
  find(id: ServerId, owner: UserUuid): Promise<Server | null>;
  /**
   * As `find`, and nobody else changes it until the transaction ends; media that are taken out of
   * use leave it all the same.
   */
  lock(id: ServerId, owner: UserUuid): Promise<Server | null>;
  define(id: ServerId, definition: ServerDefinition): Promise<void>;
  /**
   * Puts these attachments in the place of all that the server has. The caller has locked or kept
   * their media.
   */
  attach(id: ServerId, attachments: readonly Attachment[]): Promise<void>;
  /**
   * Detaches what the owners of servers may not hold any more
   * (docs/servers.md#what-can-be-attached), among what these rights were about. Library drives
   * stay. Returns what was detached, each once for a server.
   */
  detachUnentitled(lost: LostRights): Promise<readonly Detached[]>;
  /** Removes a server with its attachments; the media stay. */
  remove(id: ServerId): Promise<void>;
  /** The servers of a user, newest last, then by id. */
  search(owner: UserUuid, search: ServerSearch): Promise<FirstBatch<Server>>;
  /** What `search` finds behind `after`, at most so many. */
  searchBehind(owner: UserUuid, search: ServerSearch, after: ListCursor, max: number): Promise<Batch<Server>>;
  /** How each of these media is in use; those that nobody has are left out. */
  usesOf(media: readonly MediaId[], owner: UserUuid): Promise<ReadonlyMap<MediaId, MediaUse>>;
  /**
   * How many servers have a media item, whoever's they are, and at most `most` of them, oldest
   * first.
   */
  holdersOf(media: MediaId, max: number): Promise<{ readonly count: number; readonly oldest: readonly Holder[] }>;
  /** The servers that have these media, whoever's they are. */
  having(media: MediaId): Promise<readonly ServerId[]>;
}
