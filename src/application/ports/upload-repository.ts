import type { StoredBlob } from '../../domain/media/media.ts';
import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import type { Viewer } from '../../domain/media/media-listing.ts';
import type { Provenance } from '../../domain/media/provenance.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { InstanceId, PoolId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import type { ItemKind, Upload, UploadId, UploadTerms } from '../../domain/uploads/upload.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { ListedUpload } from '../../domain/uploads/upload-listing.ts';
import type { LeaseTerms } from './media-repository.ts';

/** An upload whose lease was acquired. */
export interface AcquiredUpload {
  readonly upload: Upload;
  /** The process that wrote last; null before the first byte. */
  readonly formerHolder: InstanceId | null;
}

/** What a renewal found of one lease. */
export interface RenewedLease<Id> {
  readonly id: Id;
  /** Whether the item still waits for its bytes. */
  readonly isOpen: boolean;
  /** Whether another request waits for the lease. */
  readonly releaseWanted: boolean;
}

/** Open uploads, all replicas together. */
export interface OpenUploads {
  readonly uploads: number;
  /** How many bytes of them are durable. */
  readonly bytes: number;
}

/**
 * Uploads that outlive their requests, and who may write to them. Times are by the database's
 * clock. An upload whose item was deleted reads as `ended`.
 */
export interface UploadRepository {
  /**
   * Stores an open upload with its item, in state `uploading`. Usage is the caller's business, in
   * the same transaction. Returns the location that its bytes go to.
   *
   * @throws DomainError `media-name-taken`
   */
  insert(terms: UploadTerms, kind: ItemKind, expirySeconds: number, provenance?: Provenance | null): Promise<number>;
  /** Returns the open upload at offset 0 that the same order created. */
  findTwin(terms: Omit<UploadTerms, 'id'>): Promise<Upload | null>;
  find(id: UploadId): Promise<Upload | null>;
  /** Returns the user that created an upload; null if the user was removed. */
  findCreator(id: UploadId): Promise<UserId | null>;
  /** Returns how many open uploads a user has. */
  countOpen(creator: UserUuid): Promise<number>;
  /**
   * Returns a page of the open uploads of a user, and of those of groups on which it holds
   * `velocity.media.remove`. `expirySeconds` is how long an upload outlives its last byte.
   */
  page(viewer: Viewer, expirySeconds: number, terms: KeysetTerms<'created'>): Promise<KeysetPage<ListedUpload>>;
  /** Counts what is open now. */
  open(): Promise<OpenUploads>;
  /**
   * Gives the lease of an open or verifying upload to `lease.holder`, unless another process holds
   * it. Returns null, and changes nothing, if it cannot.
   */
  acquire(id: UploadId, lease: LeaseTerms): Promise<AcquiredUpload | null>;
  /** Asks the process that holds the lease to give it up, and notifies it once this commits. */
  wantRelease(id: UploadId): Promise<void>;
  /** Renews the leases that `lease.holder` still holds. Returns those, and what is true of them. */
  renew(ids: readonly UploadId[], lease: LeaseTerms): Promise<readonly RenewedLease<UploadId>[]>;
  /** Gives up leases of `holder`: those on `ids`, or all of them. */
  release(holder: InstanceId, ids?: readonly UploadId[]): Promise<void>;
  /**
   * Records that all bytes before `offset` are durable, and puts the expiry off; the upload becomes
   * `verifying` when that is its length. Returns false, and changes nothing, unless `holder` has
   * the lease, the upload is open and `offset` is not below the one recorded.
   */
  record(id: UploadId, holder: InstanceId, offset: Bytes, expirySeconds: number): Promise<boolean>;
  /**
   * Turns the item of a verifying upload into `ready`, and the upload into `finished`, which is
   * remembered for `rememberSeconds`. The caller has locked the item. Returns false, and changes
   * nothing, unless `holder` has the lease.
   */
  finish(
    id: UploadId,
    holder: InstanceId,
    item: { readonly kind: ItemKind; readonly blob: StoredBlob; readonly facts: ImageFacts },
    rememberSeconds: number,
  ): Promise<boolean>;
  /** Gives an open upload `expirySeconds` from now on. */
  postponeExpiry(id: UploadId, expirySeconds: number): Promise<void>;
  /**
   * Marks an upload as ended without an item, which is in `removing`, and remembers it for
   * `rememberSeconds`. If another process than `holder` has not given up a lease on its bytes, the
   * item has an expired one from then on, so that `MediaRepository.delayPurge` delays the purge:
   * requests of a process that crashed may still arrive.
   */
  end(id: UploadId, holder: InstanceId, rememberSeconds: number): Promise<void>;
  /**
   * Returns open uploads, no imports, that expired and to which no process writes, at most `max`.
   */
  expired(max: number): Promise<readonly UploadId[]>;
  /** Whether this upload is one of those. */
  isExpired(id: UploadId): Promise<boolean>;
  /**
   * Returns verifying uploads, no imports, that no process finishes, at most `max`, in random
   * order; none of the pools `except`.
   */
  unverified(max: number, except?: readonly PoolId[]): Promise<readonly UploadId[]>;
  /**
   * Forgets at most `max` uploads that are not open and whose time is over: finished or ended ones.
   * Returns how many.
   */
  forget(max: number): Promise<number>;
}
