import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import type { ListedMedia, Media, StoredBlob, StoredMedia } from '../../domain/media/media.ts';
import type { MediaState, UnderWay } from '../../domain/media/media-states.ts';
import type { Provenance } from '../../domain/media/provenance.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { Batch, ListCursor } from '../../domain/shared/page.ts';
import type { BlobId, GroupId, InstanceId, MediaId, PoolId, UserUuid } from '../../domain/shared/ids.ts';

/**
 * A media item whose bytes are about to arrive. Its blob has the same id; permanently, if the item
 * is writable.
 */
export interface NewMedia {
  readonly id: MediaId;
  readonly pool: PoolId;
  readonly group: GroupId;
  readonly name: string;
  readonly type: string;
  readonly size: Bytes;
  readonly readOnly: boolean;
  readonly state: UnderWay;
  readonly createdBy: UserUuid;
  /** Null if it is not known. */
  readonly provenance?: Provenance | null;
}

/**
 * Who else uses the blob of an item that is being removed: other items (`shared`), a job that reads
 * it, clients that may still have URLs to it (`linked`), or none. The bytes of an item that moves,
 * or moved away, may have the id of that item (`borrowed`).
 */
export type BlobUse = 'shared' | 'read' | 'linked' | 'borrowed' | 'none';

/** How long a lease lasts, by the clock of the database. */
export interface LeaseTerms {
  readonly holder: InstanceId;
  readonly seconds: number;
}

/** The media items, from the first byte to the last. */
export interface MediaRepository {
  /**
   * Stores an item under way, with a lease, and returns the number of the location for its bytes.
   *
   * @throws DomainError `media-name-taken`
   */
  insert(media: NewMedia, lease: LeaseTerms): Promise<number>;
  /**
   * Stores an item in `cloning` with the facts of its source, without a lease: the job takes one.
   * The item gets a blob of its own id, or `shared`, a blob of other items that the caller has
   * locked.
   *
   * @throws DomainError `media-name-taken`
   */
  insertClone(media: NewMedia, facts: ImageFacts, shared: BlobId | null): Promise<void>;
  find(id: MediaId): Promise<Media | null>;
  /** As `find`, and locks the item until the transaction ends (for update). */
  lock(id: MediaId): Promise<Media | null>;
  /** Returns a finished item with what was recorded of its blob when it was stored. */
  findStored(id: MediaId): Promise<StoredMedia | null>;
  /**
   * As `findStored`, and locks the item until the transaction ends (for share): it stays finished
   * and unchanged. Transactions do not wait for each other.
   */
  lockStoredShared(id: MediaId): Promise<StoredMedia | null>;
  /**
   * Returns a batch of the finished items of a group in the pools assigned to it, oldest first,
   * without those of the library, after `after` if there is one. `readOnly` is what clients see:
   * see `ListedMedia`.
   */
  listOf(group: GroupId, after?: ListCursor | null): Promise<Batch<ListedMedia>>;
  /**
   * Moves an item under way to `ready`, records its blob and facts, and ends the lease. Returns
   * false, and does nothing, unless the item is still under way and `holder` has the lease.
   */
  finish(id: MediaId, holder: InstanceId, blob: StoredBlob, facts: ImageFacts): Promise<boolean>;
  /**
   * Moves an item to `removing`: no list shows it, no server has it, no group owns it, and its name
   * is free. A lease stays, so that its holder deletes the bytes. The caller refunds the usage in
   * the same transaction. `abandoned` records that the lease expired and no user asked for the
   * removal.
   */
  beginRemoval(id: MediaId, abandoned?: boolean): Promise<void>;
  /**
   * Returns whether the item is in `removing` because a user asked for it. The row stays while its
   * lease is renewed, so that the holder can ask; false if there is no row.
   */
  isDeleted(id: MediaId): Promise<boolean>;
  /**
   * As `beginRemoval`, for all items of these groups, which the caller has locked, and for those in
   * their trash. Returns how many
   * there were.
   */
  beginRemovalOf(groups: readonly GroupId[]): Promise<number>;
  /**
   * If an item in `removing` still has an expired lease, ends it and postpones the purge by
   * `seconds`, once. Returns whether the purge has to wait; until it need not, the item is not
   * `removable`.
   */
  delayPurge(id: MediaId, seconds: number): Promise<boolean>;
  /**
   * Returns who else uses the blob of an item in `removing`, and locks the blob, so that exactly
   * one of several removals finds `none`. Null if the item is not in `removing`.
   */
  useOfBlob(id: MediaId): Promise<BlobUse | null>;
  /**
   * Deletes the row of an item in `removing` whose bytes are deleted, or belong to others too.
   * Returns its pool and size; null if there is no such row.
   */
  forget(id: MediaId): Promise<{ readonly pool: PoolId; readonly size: Bytes } | null>;
  /**
   * Renews the leases that `holder` still has on these items, in any state. Returns those items
   * with their states.
   */
  renewLeases(
    ids: readonly MediaId[],
    lease: LeaseTerms,
  ): Promise<readonly { readonly id: MediaId; readonly state: MediaState }[]>;
  /** Ends leases of `holder` at once: those on `ids`, or all of them. */
  endLeases(holder: InstanceId, ids?: readonly MediaId[]): Promise<void>;
  /**
   * Returns items that are being created or uploaded and whose lease ended more than `graceSeconds`
   * ago, oldest first, at most `max`.
   */
  abandoned(graceSeconds: number, max: number): Promise<readonly MediaId[]>;
  /** Returns whether the item has no lease, or one that ended more than `graceSeconds` ago. */
  isAbandoned(id: MediaId, graceSeconds: number): Promise<boolean>;
  /**
   * Returns items in any state but `ready`, `trashed` and `removing`, with or without a lease, with
   * an id after `after`, by ascending id, at most `max`.
   */
  unfinished(max: number, after: MediaId | null): Promise<readonly Media[]>;
  /**
   * Returns items of this pool in `removing` that have no lease, or one that ended more than
   * `graceSeconds` ago, and whose purge is not delayed; after `after`, at most `max`.
   */
  removable(pool: PoolId, graceSeconds: number, max: number, after: MediaId | null): Promise<readonly MediaId[]>;
}
