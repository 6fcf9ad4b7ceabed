import type { Caller } from '../../domain/access/caller.ts';
import type { TenantId } from '../../domain/access/tenant.ts';
import type { Checksum } from '../../domain/imports/checksum.ts';
import type { ImportPhase } from '../../domain/jobs/job.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { InstanceId, JobId, UserUuid } from '../../domain/shared/ids.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import type { TenantOrder } from './job-repository.ts';

/** The bytes that an import fetches, and how it verifies them. */
export interface ImportTerms {
  /** It may contain a secret: never log or show it. */
  readonly url: string;
  /** Null for any, or until it was found in the file at `checksumUrl`. */
  readonly checksum: Checksum | null;
  readonly checksumUrl: string | null;
  /** The largest size of the source; null if its length decides. */
  readonly maxBytes: Bytes | null;
}

/** An import to be queued; its upload is stored. */
export interface NewImport extends ImportTerms {
  readonly job: JobId;
  readonly upload: UploadId;
  readonly owner: UserUuid;
  readonly tenant: TenantId;
}

/** An import that a worker has claimed. */
export interface ClaimedImport extends ImportTerms {
  readonly job: JobId;
  readonly upload: UploadId;
  /** The user who requested it, as it is now; null if it was removed. */
  readonly owner: Caller | null;
  readonly tenant: TenantId;
  /** The strong validator of the bytes that were fetched; null for none. */
  readonly validator: string | null;
  /** Whether the source told its length; null before it was asked. */
  readonly isLengthKnown: boolean | null;
  /** How many tries in a row brought no byte. */
  readonly tries: number;
  /** How long ago it was requested, in seconds. */
  readonly ageSeconds: number;
}

/** What the first response of the source tells. */
export interface SourceFacts {
  readonly validator: string | null;
  readonly isLengthKnown: boolean;
  /** The length, or the largest size if it is not known. */
  readonly length: Bytes;
}

/** The imports under way. Lock the item before the import. */
export interface ImportRepository {
  /** Queues an import with its job. */
  insert(order: NewImport): Promise<void>;
  /**
   * Claims the import that is due for the longest time, of the tenant whose turn it is, unless a
   * process writes to its upload: other workers find it `holdSeconds` later at the earliest, so
   * that the lease can be acquired. Returns null if there is none. No two callers have the same
   * import, and none waits for another.
   */
  claim(order: TenantOrder, holdSeconds: number): Promise<ClaimedImport | null>;
  enter(job: JobId, phase: ImportPhase): Promise<void>;
  /** Records the checksum that was found in a file, for the item as well. */
  learnChecksum(job: JobId, upload: UploadId, checksum: Checksum): Promise<void>;
  /**
   * Records what the source told, and begins its upload anew: at offset 0, with that length. The
   * caller has locked the item and charges it. Returns false, and changes nothing, unless `holder`
   * has the lease.
   */
  begin(job: JobId, upload: UploadId, holder: InstanceId, facts: SourceFacts): Promise<boolean>;
  /**
   * Shortens an upload whose bytes are all there to its offset, `length`: it is `verifying` then.
   * The caller has locked the item and refunds the rest. Returns false, and changes nothing, unless
   * `holder` has the lease.
   */
  shorten(job: JobId, upload: UploadId, holder: InstanceId, length: Bytes): Promise<boolean>;
  /** Lets any worker continue an import in `seconds`, if it has not ended. */
  postpone(job: JobId, seconds: number, tries: number, failure: string | null): Promise<void>;
}
