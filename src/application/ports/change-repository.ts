import type { Media, StoredBlob } from '../../domain/media/media.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { InstanceId, JobId, MediaId } from '../../domain/shared/ids.ts';
import type { LeaseTerms } from './media-repository.ts';

/**
 * Changes to finished media that whoever asks has locked. Usage is the caller's business, in the
 * same transaction.
 */
export interface ChangeRepository {
  /**
   * Whether other media have the same bytes; locks the blob, so that it stays so until the
   * transaction ends.
   */
  sharesBytes(id: MediaId): Promise<boolean>;
  /**
   * Makes media optical and read-only or a writable disk. `blob`, where it is given, is how their
   * bytes stand now.
   */
  changeKind(
    id: MediaId,
    kind: { readonly type: string; readonly readOnly: boolean },
    blob: StoredBlob | null,
  ): Promise<void>;
  /**
   * Stores media in `parting`, without a lease, that hold a private copy of the bytes of `of` until
   * it is made: they belong to nobody and count for nothing. Writable media own the file of their
   * own id: where that is the one that is shared, the copy will be for the others. Answers false,
   * and does nothing, where the bytes of an earlier attempt are not gone yet.
   */
  insertCopy(id: MediaId, of: Media): Promise<boolean>;
  /**
   * Notes how a finished private copy stands. Answers false, and does nothing, unless it is in
   * `parting` and `holder` holds the lease.
   */
  storeCopy(id: MediaId, holder: InstanceId, stored: StoredBlob): Promise<boolean>;
  /**
   * Gives `of` bytes that it shares with nobody, by the private copy `copy`, which is left with
   * what nobody else may need any more. Both are locked. Answers false, and does nothing, while
   * jobs other than `job` read what would become its own.
   */
  unshare(of: Media, copy: Media, job: JobId): Promise<boolean>;
  /** Sets the size alone: for media whose bytes end where they end, with zeros behind. */
  changeSize(id: MediaId, size: Bytes): Promise<void>;
  /** From `ready` to `resizing`, with the size that they will have and a lease. */
  beginResizing(id: MediaId, size: Bytes, lease: LeaseTerms): Promise<void>;
  /**
   * From `resizing` back to `ready`, and drops the lease; a `fingerprint` replaces the one that
   * their bytes have. Answers false, and does nothing, unless they are still in `resizing` and
   * `holder` holds the lease.
   */
  endResizing(id: MediaId, holder: InstanceId, fingerprint: string | null): Promise<boolean>;
  /**
   * Media in `resizing` whose lease ended more than `graceSeconds` ago, oldest first, at most
   * `most`.
   */
  stuck(graceSeconds: number, max: number): Promise<readonly MediaId[]>;
  /**
   * Takes over the lease of such media. Answers false, and does nothing, when it is not one of them
   * any more.
   */
  takeOver(id: MediaId, graceSeconds: number, lease: LeaseTerms): Promise<boolean>;
}
