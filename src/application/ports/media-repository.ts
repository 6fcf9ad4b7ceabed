import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import type { ListedMedia, Media, StoredBlob, StoredMedia } from '../../domain/media/media.ts';
import type { MediaState, UnderWay } from '../../domain/media/media-states.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { Batch, ListCursor } from '../../domain/shared/page.ts';
import type { BlobId, GroupId, InstanceId, MediaId, PoolId, UserUuid } from '../../domain/shared/ids.ts';

/**
 * Media that are about to come in. Their blob has the same id, for ever where they are writable.
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
}

/**
 * Who else needs the bytes of media that are being removed: other media own them too (`shared`), a
 * job still reads them, or nobody.
 */
export type BlobUse = 'shared' | 'read' | 'none';

/** How long a lease lasts, by the database's clock. */
export interface LeaseTerms {
  readonly holder: InstanceId;
  readonly seconds: number;
}

export interface MediaRepository {
  /**
   * Stores media under way with a lease on them. Answers the place that their bytes go to. Fails
   * with `media-name-taken`.
   */
  insert(media: NewMedia, lease: LeaseTerms): Promise<number>;
  /**
   * Stores media in `cloning` with the facts of what they are a clone of, without a lease: that is
   * for the job. They own a blob of their own under their id, or `shared`, which other media own
   * that the caller has kept. Fails with `media-name-taken`.
   */
  insertClone(media: NewMedia, facts: ImageFacts, shared: BlobId | null): Promise<void>;
  find(id: MediaId): Promise<Media | null>;
  /** As `find`, and nobody else changes them until the transaction ends. */
  lock(id: MediaId): Promise<Media | null>;
  /** Finished media, with what is known of their bytes as they came in. */
  findStored(id: MediaId): Promise<StoredMedia | null>;
  /**
   * As `findStored`, and they stay finished and as they are until the transaction ends. Any number
   * of transactions may keep the same.
   */
  lockStoredShared(id: MediaId): Promise<StoredMedia | null>;
  /**
   * The finished media of a group in the pools assigned to it, oldest first, without those of the
   * library: a batch of them, behind `after` if that is given. `readOnly` as in the list of the
   * contract.
   */
  listOf(group: GroupId, after?: ListCursor | null): Promise<Batch<ListedMedia>>;
  /**
   * Turns media under way into `ready` with the facts of their bytes and of what these are, and
   * drops the lease. Answers false, and does nothing, unless they are still under way and `holder`
   * holds the lease.
   */
  finish(id: MediaId, holder: InstanceId, blob: StoredBlob, facts: ImageFacts): Promise<boolean>;
  /**
   * Takes media out of every list, off every server, and frees their name: state `removing`, owned
   * by nobody. A lease on them stays, so that whoever brings their bytes is the one to take them
   * away. Usage is given back by the caller, in the same transaction. `abandoned` says that the
   * holder of the lease fell silent, and that no user asked for the removal.
   */
  beginRemoval(id: MediaId, abandoned?: boolean): Promise<void>;
  /**
   * Whether media are being removed because a user asked for it. While a lease on them is renewed
   * their row stays, so that its holder can ask; false where the row is gone.
   */
  isDeleted(id: MediaId): Promise<boolean>;
  /**
   * As `beginRemoval`, for everything that these groups own. The groups are locked. Answers how
   * many media that were.
   */
  beginRemovalOf(groups: readonly GroupId[]): Promise<number>;
  /**
   * Puts media in `removing` off for `seconds` if the lease of a bringer who fell silent is still
   * on them, and drops that lease, so that it happens once. Answers whether they have to settle
   * still; until they have they are not `removable`.
   */
  delayPurge(id: MediaId, seconds: number): Promise<boolean>;
  /**
   * Who else needs the bytes of media in `removing`; locks the blob, so that of two that are asked
   * at once one is the last. Null if the media are not in `removing`.
   */
  useOfBlob(id: MediaId): Promise<BlobUse | null>;
  /**
   * Forgets media in `removing` whose bytes are gone, or belong to others too. Answers their pool
   * and size, or null if they were forgotten already.
   */
  forget(id: MediaId): Promise<{ readonly pool: PoolId; readonly size: Bytes } | null>;
  /**
   * Renews the leases that `holder` still holds on these media, in whatever state. Answers which
   * they are and how they stand.
   */
  renewLeases(
    ids: readonly MediaId[],
    lease: LeaseTerms,
  ): Promise<readonly { readonly id: MediaId; readonly state: MediaState }[]>;
  /** Ends leases of `holder` at once: those on `ids`, or all of them. */
  endLeases(holder: InstanceId, ids?: readonly MediaId[]): Promise<void>;
  /**
   * Media under way whose lease ended more than `graceSeconds` ago, oldest first, at most `most`.
   */
  abandoned(graceSeconds: number, max: number): Promise<readonly MediaId[]>;
  /** Whether the lease on these media ended more than `graceSeconds` ago, or there is none. */
  isAbandoned(id: MediaId, graceSeconds: number): Promise<boolean>;
  /**
   * Media that are neither finished nor being removed, whoever holds a lease on them, by id, at
   * most `most` after `after`.
   */
  unfinished(max: number, after: MediaId | null): Promise<readonly Media[]>;
  /**
   * Media of this pool in `removing` that nobody holds a lease on, or whose lease ended more than
   * `graceSeconds` ago, and that need not settle any more; at most `most` after `after`.
   */
  removable(pool: PoolId, graceSeconds: number, max: number, after: MediaId | null): Promise<readonly MediaId[]>;
}
