import type { Media, StoredBlob } from '../../domain/media/media.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { InstanceId, JobId, MediaId, UserId } from '../../domain/shared/ids.ts';
import type { LeaseTerms } from './media-repository.ts';

/** The other items that share the bytes of an item. */
export interface Sharers {
  readonly count: number;
  /** The oldest of those that the user sees. */
  readonly visible: readonly Pick<Media, 'id' | 'name'>[];
  /** Whether a job reads the bytes. */
  readonly isRead: boolean;
  /** The bytes that the pool stores for all of them. */
  readonly storedBytes: Bytes;
}

/**
 * Changes to finished items, which the caller has locked. The caller charges and refunds usage in
 * the same transaction.
 */
export interface ChangeRepository {
  /**
   * Returns whether other items have the same blob, and locks the blob until the transaction ends.
   */
  sharesBytes(id: MediaId): Promise<boolean>;
  /**
   * Makes an item optical and read-only, or a writable disk. `blob`, if there is one, replaces what
   * is recorded of its bytes.
   */
  changeKind(
    id: MediaId,
    kind: { readonly type: string; readonly readOnly: boolean },
    blob: StoredBlob | null,
  ): Promise<void>;
  /**
   * Changes the name and the type of an item.
   *
   * @throws DomainError `media-name-taken`
   */
  rename(id: MediaId, name: string, type: string): Promise<void>;
  /**
   * Stores an item in `unsharing`, without a lease, that holds a private copy of the blob of `of`
   * until it is complete: no group owns it and nothing is charged. A writable item owns the blob of
   * its own id: if that is the shared one, the copy is for the other items. Returns false, and does
   * nothing, while the bytes of an earlier attempt exist.
   */
  insertCopy(id: MediaId, of: Media): Promise<boolean>;
  /**
   * Records the blob of a finished private copy. Returns false, and does nothing, unless the item
   * is in `unsharing` and `holder` has the lease.
   */
  storeCopy(id: MediaId, holder: InstanceId, stored: StoredBlob): Promise<boolean>;
  /**
   * Gives `of` a blob of its own by means of the private copy `copy`, which keeps the blob that is
   * no longer needed. The caller has locked both. Returns false, and does nothing, while jobs other
   * than `job` read the blob that would become private.
   */
  unshare(of: Media, copy: Media, job: JobId): Promise<boolean>;
  /** Changes only the size. For items whose added bytes are not stored: they read as zeros. */
  changeSize(id: MediaId, size: Bytes): Promise<void>;
  /** Moves an item from `ready` to `resizing`, with its new size and a lease. */
  beginResizing(id: MediaId, size: Bytes, lease: LeaseTerms): Promise<void>;
  /**
   * Moves an item from `resizing` to `ready` and ends the lease; a `fingerprint` replaces the
   * recorded one. Returns false, and does nothing, unless the item is in `resizing` and `holder`
   * has the lease.
   */
  endResizing(id: MediaId, holder: InstanceId, fingerprint: string | null): Promise<boolean>;
  /**
   * Returns items in `resizing` whose lease ended more than `graceSeconds` ago, oldest first, at
   * most `max`.
   */
  stuck(graceSeconds: number, max: number): Promise<readonly MediaId[]>;
  /**
   * Takes over the lease of an item that `stuck` returns. Returns false, and does nothing, if it no
   * longer would.
   */
  takeOver(id: MediaId, graceSeconds: number, lease: LeaseTerms): Promise<boolean>;
  /** Returns the items that share the bytes of an item, at most `max` of those that a user sees. */
  sharersOf(id: MediaId, user: UserId, max: number): Promise<Sharers>;
}
